import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

import { Connection, type ConnectionLimits, type ConnectionOptions } from './connection.ts'

export type { MllpServerProblem } from './connection.ts'

export type MllpServerOptions = ConnectionOptions & {
  host: string
  /** 0 takes any that is free. */
  port: number
  limits?: Partial<MllpServerLimits>
}

export type MllpServerLimits = ConnectionLimits & {
  /** At once; one more is ended as soon as it is there. */
  connections: number
}

const MLLP_SERVER_LIMITS: MllpServerLimits = {
  frameBytes: 4_194_304,
  connections: 64,
  frameMs: 30_000,
  idleMs: 600_000,
  writeMs: 30_000,
  waiting: 32,
}

export type MllpServer = {
  port: number
  /** Takes nothing new, answers what was heard to its end within the grace, and closes. */
  close: (graceMs: number) => Promise<void>
}

/** Listens for messages. Errors: a port that is taken is the system's error. */
export async function openMllpServer(options: MllpServerOptions): Promise<MllpServer> {
  const limits = { ...MLLP_SERVER_LIMITS, ...options.limits }
  const connections = new Set<Connection>()
  // Who has said all it had to say may still hear the answers.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new Connection(socket, options, limits)
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
  })
  server.maxConnections = limits.connections
  server.on('drop', (dropped) => {
    const address = dropped?.remoteAddress ?? ''
    options.onProblem?.({ code: 'too_many_connections', address })
  })
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, close }

  async function close(graceMs: number): Promise<void> {
    const closed = new Promise((done) => server.close(done))
    for (const connection of connections) connection.finish()
    const timer = setTimeout(() => {
      for (const connection of connections) connection.cut()
    }, graceMs)
    await closed
    clearTimeout(timer)
  }
}
