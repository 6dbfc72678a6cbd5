import closeWithGrace from 'close-with-grace'
import type { FastifyBaseLogger } from 'fastify'

type Log = Pick<FastifyBaseLogger, 'error'>

/**
 * Closes in order when the process is told to end, and kills it when that takes longer than `graceMs`. An error that
 * nobody caught ends it in the same way, and is said first.
 */
export function endWithGrace(graceMs: number, log: Log, close: () => Promise<void>): void {
  closeWithGrace({ delay: graceMs, logger: log }, async ({ err }) => {
    if (err) log.error(err, 'an error that nobody caught ends the process')
    await close()
  })
}

/**
 * Tells the process that started this one that it is ready, and ends with it: a child whose parent was
 * killed would otherwise go on for ever. Without such a parent it does nothing.
 */
export function announceReady(message: object): void {
  if (!process.send) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.send({ ready: true, ...message })
}
