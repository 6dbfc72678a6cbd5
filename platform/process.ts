/**
 * Tells the process that started this one that it is ready, and ends with it: a child whose parent was
 * killed would otherwise go on for ever. Without such a parent it does nothing.
 */
export function announceReady(message: object): void {
  if (!process.send) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.send({ ready: true, ...message })
}
