import { createServer, type Server, type Socket } from 'node:net'

import { readQuestion } from './answer.ts'
import type { Context } from './context.ts'
import { askFaultPlan, type BankFaultPlan } from './faults.ts'
import { type LineState, respond } from './respond.ts'
import { nextLength, WireError } from './wire.ts'

const LONGEST_FRAME = 4_096

export type LineOptions = {
  faults: BankFaultPlan
  /** Answers come after up to so many real milliseconds, by chance, and so in any order. */
  shuffleMs: number
}

/** The bank's end of the lines: many connections, each with many questions at once. */
export function createHost(
  context: Context,
  { faults, shuffleMs }: LineOptions,
  stopped: AbortSignal,
) {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
    listen(socket)
  })
  return {
    server,
    cutAll: () => {
      for (const socket of sockets) socket.destroy()
    },
  }

  function listen(socket: Socket): void {
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk])
      try {
        for (let frame = cut(); frame !== null; frame = cut()) take(socket, frame)
      } catch (error) {
        if (!(error instanceof WireError)) throw error
        socket.destroy()
      }
    })

    function cut(): Buffer | null {
      const next = nextLength(context.dialect, rest)
      if (next === null) return null
      if (next.length > LONGEST_FRAME) throw new WireError('too long')
      if (rest.length < next.from + next.length) return null
      const frame = rest.subarray(next.from, next.from + next.length)
      rest = rest.subarray(next.from + next.length)
      return frame
    }
  }

  function take(socket: Socket, frame: Buffer): void {
    const question = readQuestion(context, frame)
    const isSignOfLife = question.message.fields.get(11) === '000000'
    const fault = isSignOfLife ? null : askFaultPlan(context, faults, question.operation)
    const state: LineState = { context, socket, shuffleMs, stopped }
    // Waiting ends with the simulator; anything else is a mistake in it, and must be heard of.
    respond(state, question, fault).catch((error: unknown) => {
      if (!stopped.aborted) server.emit('error', error)
    })
  }
}
