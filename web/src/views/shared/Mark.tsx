import { markOf } from "../marks";

/** A member's mark. Decoration: the name is always beside it. */
export function Mark({ member }: { member: string }) {
  const { body, heart, soft, deep } = markOf(member);
  return (
    <svg class="mark" viewBox="0 0 36 36" aria-hidden="true">
      <path d={body} fill={soft} />
      <path d={heart} fill={deep} />
    </svg>
  );
}
