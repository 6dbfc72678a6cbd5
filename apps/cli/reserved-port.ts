import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

export type ReservedPort = {
  port: number
  /** Others may have it again. */
  release: () => Promise<void>
}

/**
 * A port on this machine for a server that starts later, and may be started again: the wished one, or when somebody has
 * it, any that is free. Systems give out ports by themselves from 32768 on, to listeners on port 0 and to every outgoing
 * connection, so such a port may be gone by then; these are below that. Two of our own commands never have the same one: the
 * odd port behind it is listened on as long as it is reserved.
 * Errors: throws when none is found.
 */
export async function reservePort(wished?: number): Promise<ReservedPort> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const isWished = attempt === 0 && wished !== undefined
    const port = isWished ? wished : FIRST + 2 * randomInt(PAIRS)
    const mark = await listenOn(port + 1)
    if (!mark) continue
    mark.unref()
    if (await isFree(port)) return { port, release: () => close(mark) }
    await close(mark)
  }
  throw new Error(`no free port in ${MOST_ATTEMPTS} attempts`)
}

export async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port)
  if (server) await close(server)
  return server !== null
}

const MOST_ATTEMPTS = 100
const FIRST = 20_000
const PAIRS = 6_000

/** Null when somebody has the port. */
function listenOn(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

async function close(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
