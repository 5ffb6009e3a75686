# Three stages: the pages, the Python parts, and what runs. Lists of packages are locked by hash, and what came of them is
# listed in /opt/safespace/sbom. A release fills in the digests of the base images (scripts/release-images.sh).
# scripts/prove_image.py replays these very steps where no container engine runs.

FROM node:24-trixie-slim AS pages
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
COPY web/scripts ./scripts
RUN npm ci --include=dev --no-audit --no-fund --no-update-notifier && node scripts/patch.mjs
COPY web ./
RUN npm run build && npm run --silent sbom > pages.cdx.json

FROM python:3.11-slim-trixie AS parts
WORKDIR /build
COPY requirements-build.lock requirements-sbom.lock requirements-image.lock ./
RUN python -m venv /opt/tools && /opt/tools/bin/pip install --quiet --no-cache-dir --require-hashes -r requirements-build.lock
RUN python -m venv /opt/listing && /opt/listing/bin/pip install --quiet --no-cache-dir --require-hashes -r requirements-sbom.lock
RUN python -m venv --without-pip /opt/safespace && /opt/tools/bin/pip --python /opt/safespace/bin/python install --quiet --no-cache-dir --require-hashes -r requirements-image.lock
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
COPY --from=pages /build/web/dist ./src/safespace/pages
RUN /opt/tools/bin/hatchling build -t wheel -d dist
RUN /opt/tools/bin/pip --python /opt/safespace/bin/python install --quiet --no-cache-dir --no-deps dist/safespace-*.whl
COPY --from=pages /build/web/pages.cdx.json /opt/safespace/sbom/
RUN /opt/listing/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o /opt/safespace/sbom/server.cdx.json requirements-image.lock

FROM python:3.11-slim-trixie
COPY --from=parts /opt/safespace /opt/safespace
RUN mkdir -m 700 /data && chown 10001:10001 /data
ENV PATH=/opt/safespace/bin:$PATH
ENV PYTHONDONTWRITEBYTECODE=1
ENV SAFESPACE_HOST=0.0.0.0
ENV SAFESPACE_PORT=8000
ENV SAFESPACE_DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['SAFESPACE_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["safespace"]
CMD ["serve"]
