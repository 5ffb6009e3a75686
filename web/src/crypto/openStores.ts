/**
 * What this page has open of the store. In WebKit, a transaction or a connection that a page leaves open when it goes
 * keeps the next page waiting for ever.
 */

const connections = new Set<{ close(): void }>();
const running = new Set<{ abort(): void }>();

export function opened<T extends { close(): void }>(connection: T): T {
  connections.add(connection);
  return connection;
}

export function closed(connection: { close(): void }): void {
  connections.delete(connection);
  connection.close();
}

/** A transaction, until it is over. */
export function begun<T extends { abort(): void; readonly done: Promise<void> }>(transaction: T): T {
  running.add(transaction);
  const over = (): unknown => running.delete(transaction);
  transaction.done.then(over, over);
  return transaction;
}

/** As the page goes: what is not whole on the disk by now is not written at all. */
export function leaveStores(): void {
  for (const transaction of running) {
    try {
      transaction.abort();
    } catch {
      // It is on its way to the disk.
    }
  }
  for (const connection of connections) connection.close();
}
