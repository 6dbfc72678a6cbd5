import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { randomBelow } from '../../../kernel/random.ts'
import { answerTo, type Question } from './answer.ts'
import type { Answer, Context } from './context.ts'
import type { BankFault } from './faults.ts'
import { lengthPrefix } from './wire.ts'

export type LineState = {
  context: Context
  socket: Socket
  /** Answers come after up to so many real milliseconds, by chance. */
  shuffleMs: number
  stopped: AbortSignal
}

/** Does what is asked, or what the fault makes of it. */
export async function respond(
  state: LineState,
  question: Question,
  fault: BankFault | null,
): Promise<void> {
  const { context, socket, shuffleMs, stopped } = state
  const done = (given: Answer | null) =>
    context.store.transaction(() => answerTo(context, question, given))
  switch (fault?.kind) {
    case 'refuse':
      return void socket.destroy()
    case 'drop':
      return
    case 'lose_answer':
      return void done(null)
    case 'cut_answer':
      done(null)
      return void socket.destroy()
    case 'garble':
      done(null)
      return send(state, Buffer.from('<html><body>502 Bad Gateway</body></html>'))
    case 'late': {
      const answer = done(null)
      await sleep(fault.ms, null, { signal: stopped })
      return send(state, answer)
    }
    case 'slow_arrival':
      await sleep(fault.ms, null, { signal: stopped })
      return send(state, done(null))
    case 'wrong_mac': {
      const answer = Buffer.from(done(null))
      const last = answer.length - 1
      answer[last] = (answer[last] ?? 0) === 0x30 ? 0x31 : 0x30
      return send(state, answer)
    }
    case 'duplicate': {
      const answer = done(null)
      send(state, answer)
      return send(state, answer)
    }
    case 'decline':
      return send(state, done({ code: fault.code }))
    case undefined: {
      const answer = done(null)
      if (shuffleMs > 0) {
        await sleep(randomBelow(context.random, shuffleMs), null, { signal: stopped })
      }
      return send(state, answer)
    }
  }
}

function send({ context, socket }: LineState, frame: Buffer): void {
  if (socket.destroyed) return
  socket.write(Buffer.concat([lengthPrefix(context.dialect, frame.length), frame]))
}
