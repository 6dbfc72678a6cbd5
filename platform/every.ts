/**
 * Does something again and again for as long as a connection is open: a sign of life, a look for what is new. It keeps no
 * process alive, and what fails is tried again next time. Returns what ends it.
 *
 * Not for a time of the business: that is a due_at in a table, which outlives the process.
 */
export function every(intervalMs: number, action: () => unknown): () => void {
  const timer = setInterval(() => {
    void (async () => action())().catch(() => undefined)
  }, intervalMs).unref()
  return () => clearInterval(timer)
}
