import { connect, type Socket } from 'node:net'

import { codeOf } from '../../outgoing/error-code.ts'
import type { Charset } from '../charset.ts'
import { type Hl7Limits, type Hl7Message, segmentOf, textAt, USUAL_LIMITS } from '../message.ts'
import { parse } from '../parse.ts'
import { createDeframer, type Deframer, framed } from './frames.ts'

export type MllpClientOptions = {
  host: string
  port: number
  /** Of answers whose MSH-18 is empty. */
  defaultCharset: Charset
  connectTimeoutMs: number
  /** From `send` on, waiting for its turn and connecting included. */
  answerTimeoutMs: number
  /** How many may be under way at once: 1 for who answers each before the next may come. */
  inFlight?: number
  /** How many may wait for their turn. */
  mostWaiting?: number
  limits?: Hl7Limits
}

export type MllpAnswer =
  | { kind: 'answered'; message: Hl7Message; bytes: Buffer }
  /** nothingSent: not a byte of it has left, so the other side cannot have heard of it. */
  | { kind: 'unknown'; reason: string; nothingSent: boolean }

/** Talks to one system over one connection, which is made when it is needed and made again when it was lost. */
export class MllpClient {
  private readonly options: Required<MllpClientOptions>
  private readonly waiting: Sending[] = []
  private readonly underWay = new Map<string, Sending>()
  private line: Line | null = null
  private isClosed = false
  private whenQuiet: (() => void) | null = null

  constructor(options: MllpClientOptions) {
    this.options = { inFlight: 1, mostWaiting: 1_000, limits: USUAL_LIMITS, ...options }
  }

  /** Sends a message and waits for the answer whose MSA-2 is its control id. Never throws: silence is unknown. */
  send(message: Buffer, controlId: string): Promise<MllpAnswer> {
    const refusal = this.refusalOf(controlId)
    if (refusal !== null) {
      return Promise.resolve({ kind: 'unknown', reason: refusal, nothingSent: true })
    }
    return new Promise((resolve) => {
      const sending: Sending = { message, controlId, resolve, timer: undefined, heardBefore: 0 }
      sending.timer = setTimeout(() => this.giveUp(sending), this.options.answerTimeoutMs)
      this.waiting.push(sending)
      this.work()
    })
  }

  /** Waits for what is under way, at most so long, and closes. */
  async close(graceMs: number): Promise<void> {
    this.isClosed = true
    if (this.waiting.length + this.underWay.size > 0) {
      await new Promise<void>((quiet) => {
        const timer = setTimeout(quiet, graceMs)
        this.whenQuiet = () => {
          clearTimeout(timer)
          quiet()
        }
      })
    }
    this.dismiss('closed')
    if (this.line) this.lose(this.line, 'closed')
  }

  private refusalOf(controlId: string): string | null {
    const { waiting, underWay } = this
    const { mostWaiting } = this.options
    if (this.isClosed) return 'the client is closed'
    if (waiting.length >= mostWaiting) return `${mostWaiting} messages wait already`
    const isKnown = underWay.has(controlId) || waiting.some((each) => each.controlId === controlId)
    return isKnown ? 'a message with this control id is under way' : null
  }

  private work(): void {
    if (this.waiting.length === 0) return
    this.line ??= this.openLine()
    const { line } = this
    if (!line.isOpen) return
    while (this.underWay.size < this.options.inFlight) {
      const next = this.waiting.shift()
      if (!next) return
      this.underWay.set(next.controlId, next)
      next.heardBefore = line.heard
      line.socket.write(framed(next.message))
    }
  }

  private openLine(): Line {
    const { host, port, connectTimeoutMs, limits } = this.options
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    const line: Line = { socket, deframer: createDeframer(limits.bytes), isOpen: false, heard: 0 }
    const tooLate = `no connection within ${connectTimeoutMs} ms`
    const timer = setTimeout(() => this.lose(line, tooLate), connectTimeoutMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      line.isOpen = true
      this.work()
    })
    socket.on('data', (chunk) => this.hear(line, chunk))
    socket.on('error', (error) => this.lose(line, codeOf(error) ?? error.message))
    socket.on('end', () => this.lose(line, 'the other side ended the connection'))
    socket.on('close', () => {
      clearTimeout(timer)
      this.lose(line, 'the connection was closed')
    })
    return line
  }

  private hear(line: Line, chunk: Buffer): void {
    if (line !== this.line) return
    line.heard += chunk.length
    const { defaultCharset, limits } = this.options
    const { frames, problem } = line.deframer.push(chunk)
    for (const bytes of frames) {
      const parsed = parse(bytes, { defaultCharset, limits })
      // Whose answer it is cannot be told, so none of them is believed to have come.
      if (!parsed.ok) return this.lose(line, unreadable(parsed.problem.code))
      const answer = segmentOf(parsed.message, 'MSA')
      if (!answer) return this.lose(line, unreadable('no MSA'))
      const sending = this.underWay.get(textAt(answer, 2))
      if (sending) this.settle(sending, { kind: 'answered', message: parsed.message, bytes })
    }
    if (problem) return this.lose(line, unreadable(problem.code))
    this.work()
  }

  /** Too late: the next in turn must not be given its answer, and a line on which nothing is heard is dead. */
  private giveUp(sending: Sending): void {
    const { answerTimeoutMs, inFlight } = this.options
    const { line } = this
    const reason = `no answer within ${answerTimeoutMs} ms`
    const wasSent = this.underWay.get(sending.controlId) === sending
    this.settle(sending, { kind: 'unknown', reason, nothingSent: !wasSent })
    const isDead = line?.heard === sending.heardBefore
    if (wasSent && line && (inFlight === 1 || isDead)) this.lose(line, reason)
    else this.work()
  }

  private lose(line: Line, reason: string): void {
    if (line !== this.line) return
    this.line = null
    line.socket.destroy()
    for (const sending of this.underWay.values()) {
      this.settle(sending, { kind: 'unknown', reason, nothingSent: false })
    }
    // Who could not be reached is not tried again for each that waits.
    if (!line.isOpen) this.dismiss(reason)
    this.work()
  }

  private dismiss(reason: string): void {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      this.settle(next, { kind: 'unknown', reason, nothingSent: true })
    }
  }

  private settle(sending: Sending, answer: MllpAnswer): void {
    clearTimeout(sending.timer)
    const place = this.waiting.indexOf(sending)
    if (place !== -1) this.waiting.splice(place, 1)
    if (this.underWay.get(sending.controlId) === sending) this.underWay.delete(sending.controlId)
    sending.resolve(answer)
    if (this.waiting.length + this.underWay.size === 0) this.whenQuiet?.()
  }
}

const unreadable = (why: string) => `an answer that cannot be read: ${why}`

type Sending = {
  message: Buffer
  controlId: string
  resolve: (answer: MllpAnswer) => void
  timer: NodeJS.Timeout | undefined
  /** Bytes that the line had brought when it was sent. */
  heardBefore: number
}

type Line = { socket: Socket; deframer: Deframer; isOpen: boolean; heard: number }
