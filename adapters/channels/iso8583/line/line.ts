import type { Random } from '../../../../kernel/random.ts'
import { Link } from './link.ts'
import type { LineLog, LineSpec } from './spec.ts'

export type Asked<Answer> =
  | { kind: 'answered'; answer: Answer }
  /** It may have reached the bank. */
  | { kind: 'silent'; reason: string }
  /** It did not leave this machine, so the bank cannot have heard of it. */
  | { kind: 'not_sent'; reason: string }
  /** The same is being asked at this moment. */
  | { kind: 'busy' }

/** What a frame is: an answer with its key, the sign of life that we asked for, or something that cannot be read. */
export type FrameReading<Answer> =
  | { kind: 'answer'; key: string; answer: Answer; text: string }
  | { kind: 'heartbeat' }
  | { kind: 'unreadable'; reason: string }

/** A line to a bank: questions and answers over one connection that is kept open. */
export class Line<Answer> {
  readonly #spec: LineSpec
  readonly #log: LineLog
  readonly #read: (body: Buffer) => FrameReading<Answer>
  readonly #link: Link
  readonly #inFlight = new Map<string, Question<Answer>>()
  #isStopped = false
  #drained: () => void = () => undefined

  constructor(
    spec: LineSpec,
    deps: { random: Random; log: LineLog },
    read: (body: Buffer) => FrameReading<Answer>,
  ) {
    this.#spec = spec
    this.#log = deps.log
    this.#read = read
    this.#link = new Link(spec, deps, {
      onFrame: (body) => this.#onFrame(body),
      onLost: (reason) => this.#onLost(reason),
    })
  }

  /**
   * Sends a message and waits for the answer with the same key. Many may be in flight; answers come in any order.
   * `timeoutMs` is counted from the sending. Never throws.
   */
  async ask(key: string, body: Buffer, timeoutMs: number): Promise<Asked<Answer>> {
    if (this.#isStopped) return notSent('the line is closed')
    if (this.#inFlight.has(key)) return { kind: 'busy' }
    if (this.#inFlight.size >= this.#spec.mostInFlight) {
      return notSent(`${this.#spec.mostInFlight} questions are waiting already`)
    }
    // In the list from now on, so that nobody asks the same while the connection is being made.
    const question: Question<Answer> = { isSent: false, settle: () => undefined }
    this.#inFlight.set(key, question)
    try {
      return await this.#sendAndWait(question, body, timeoutMs)
    } finally {
      this.#inFlight.delete(key)
      if (this.#inFlight.size === 0) this.#drained()
    }
  }

  async #sendAndWait(
    question: Question<Answer>,
    body: Buffer,
    timeoutMs: number,
  ): Promise<Asked<Answer>> {
    const isReady = await this.#link.ready(this.#spec.connectMs)
    return new Promise((resolve) => {
      const silent = () => resolve({ kind: 'silent', reason: `no answer in ${timeoutMs} ms` })
      const timer = setTimeout(silent, timeoutMs)
      question.settle = (asked) => {
        clearTimeout(timer)
        resolve(asked)
      }
      question.isSent = isReady && this.#link.send(body)
      if (!question.isSent) question.settle(notSent('the bank cannot be reached'))
    })
  }

  /** Takes no more questions, waits for the answers still to come, and closes. */
  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#inFlight.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#spec.graceMs)
        this.#drained = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.#link.stop()
  }

  #onFrame(body: Buffer): void {
    const reading = this.#read(body)
    switch (reading.kind) {
      case 'heartbeat':
        return
      case 'unreadable':
        return this.#log('unreadable_frame', { reason: reading.reason, bytes: body.length })
      case 'answer': {
        const question = this.#inFlight.get(reading.key)
        // Nobody believes it any more: what became of the question was asked, or will be.
        if (!question?.isSent) return this.#log('late_answer', { text: reading.text })
        return question.settle({ kind: 'answered', answer: reading.answer })
      }
    }
  }

  #onLost(reason: string): void {
    // One that is not sent yet waits for the next connection: it has nothing to settle.
    for (const question of this.#inFlight.values()) question.settle({ kind: 'silent', reason })
  }
}

type Question<Answer> = { isSent: boolean; settle: (asked: Asked<Answer>) => void }

const notSent = (reason: string) => ({ kind: 'not_sent', reason }) as const
