import { once } from 'node:events'
import type { Socket } from 'node:net'

import { createDeframer, type Deframer, framed, type FrameProblem } from './frames.ts'

export type ConnectionOptions = {
  /**
   * Answers one message. It is asked for a connection's messages one after the other, in their order. Null, or an error
   * thrown, ends the connection without an answer: the sender then knows nothing, and sends again.
   */
  answer: (message: Buffer, from: MllpPeer) => Promise<Buffer | null>
  /** What is said to who sent too much, from what was read of it; null to say nothing. The connection ends with it. */
  refuse?: (head: Buffer) => Buffer | null
  /** Told of what is wrong with connections, for the log. */
  onProblem?: (problem: MllpServerProblem) => void
}

export type MllpPeer = { address: string }

export type ConnectionLimits = {
  frameBytes: number
  /** Of one frame, from its first byte to its last. */
  frameMs: number
  /** A connection without a byte for so long is ended. */
  idleMs: number
  /** An answer is taken by the other side within so long. */
  writeMs: number
  /** Messages of one connection that wait to be answered; then no more is read of it. */
  waiting: number
}

export type MllpServerProblem = {
  code:
    | FrameProblem['code']
    | 'too_slow'
    | 'answer_not_taken'
    | 'handler_failed'
    | 'too_many_connections'
  address: string
  /** The handler's, where there is one. */
  error?: unknown
}

/** One connection to the server: reads frames, has them answered in turn, and reads no more than is answered. */
export class Connection {
  private readonly socket: Socket
  private readonly options: ConnectionOptions
  private readonly limits: ConnectionLimits
  private readonly deframer: Deframer
  private readonly address: string
  private readonly waiting: Buffer[] = []
  private isWorking = false
  private isFinishing = false
  private refusal: Buffer | null = null
  private frameTimer: NodeJS.Timeout | undefined
  private leavingTimer: NodeJS.Timeout | undefined

  constructor(socket: Socket, options: ConnectionOptions, limits: ConnectionLimits) {
    this.socket = socket
    this.options = options
    this.limits = limits
    this.deframer = createDeframer(limits.frameBytes)
    this.address = socket.remoteAddress ?? ''
    socket.setTimeout(limits.idleMs, () => {
      if (!this.isWorking) socket.destroy()
    })
    socket.on('error', () => socket.destroy()) // the other side is gone: it asks again
    socket.on('close', () => {
      this.stopFrameTimer()
      clearTimeout(this.leavingTimer)
    })
    socket.on('end', () => {
      if (this.deframer.isInside()) this.tell('half_frame')
      this.finish()
    })
    socket.on('data', (chunk) => this.hear(chunk))
  }

  /** Answers what was heard to its end, and ends. */
  finish(): void {
    this.isFinishing = true
    this.stopFrameTimer()
    this.socket.resume() // what else comes is read and forgotten, or the end would not be heard
    void this.work()
  }

  cut(): void {
    this.socket.destroy()
  }

  private hear(chunk: Buffer): void {
    if (this.isFinishing) return
    const { frames, problem } = this.deframer.push(chunk)
    this.waiting.push(...frames)
    if (frames.length > 0) this.stopFrameTimer()
    if (problem) {
      this.tell(problem.code)
      if (problem.code === 'too_large') this.refusal = this.options.refuse?.(problem.head) ?? null
      return this.finish()
    }
    if (this.waiting.length >= this.limits.waiting) {
      this.socket.pause()
      this.stopFrameTimer() // its slowness is ours now
    } else if (this.deframer.isInside()) this.startFrameTimer()
    void this.work()
  }

  private async work(): Promise<void> {
    if (this.isWorking) return
    this.isWorking = true
    try {
      let next = this.waiting.shift()
      while (next && !this.socket.destroyed) {
        const said = await this.options.answer(next, { address: this.address })
        if (said === null) this.cut()
        else await this.write(framed(said))
        this.readOn()
        next = this.waiting.shift()
      }
    } catch (error) {
      this.tell('handler_failed', error)
      this.cut()
    }
    this.isWorking = false
    if (this.isFinishing) this.leave()
  }

  private readOn(): void {
    if (this.isFinishing || !this.socket.isPaused()) return
    if (this.waiting.length >= this.limits.waiting) return
    this.socket.resume()
    if (this.deframer.isInside()) this.startFrameTimer()
  }

  /** Waits until it is on its way, so that who does not read its answers is not read either. */
  private async write(bytes: Buffer): Promise<void> {
    const { socket, limits } = this
    if (socket.destroyed || socket.write(bytes)) return
    const closed = new AbortController()
    const onClose = () => closed.abort()
    socket.once('close', onClose)
    const limit = AbortSignal.timeout(limits.writeMs)
    try {
      await once(socket, 'drain', { signal: AbortSignal.any([limit, closed.signal]) })
    } catch {
      if (limit.aborted) this.tell('answer_not_taken')
      this.cut()
    } finally {
      socket.off('close', onClose)
    }
  }

  private leave(): void {
    if (this.socket.destroyed) return
    if (this.refusal) this.socket.write(framed(this.refusal))
    this.refusal = null
    this.socket.end()
    // The other side has a moment to read it before the connection is cut.
    this.leavingTimer ??= setTimeout(() => this.cut(), LEAVING_MS)
  }

  private startFrameTimer(): void {
    this.frameTimer ??= setTimeout(() => {
      this.tell('too_slow')
      this.cut()
    }, this.limits.frameMs)
  }

  private stopFrameTimer(): void {
    clearTimeout(this.frameTimer)
    this.frameTimer = undefined
  }

  private tell(code: MllpServerProblem['code'], error?: unknown): void {
    const { address } = this
    this.options.onProblem?.({ code, address, ...(error !== undefined && { error }) })
  }
}

const LEAVING_MS = 1_000
