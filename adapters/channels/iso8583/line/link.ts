import { connect, type Socket } from 'node:net'

import { type Random, randomBelow } from '../../../../kernel/random.ts'
import { createFrameReader, toFrame } from './frames.ts'
import type { LineLog, LineSpec } from './spec.ts'

type Events = {
  onFrame(body: Buffer): void
  /** Whatever was sent on the connection will not be answered any more. */
  onLost(reason: string): void
}

/**
 * Keeps one connection to the bank, from the first time it is wanted until it is stopped: opens it again when it is
 * lost, after pauses that double, and says now and then that it is alive. A connection on which nothing came for too
 * long is given up.
 */
export class Link {
  readonly #spec: LineSpec
  readonly #deps: { random: Random; log: LineLog }
  readonly #events: Events
  readonly #waiting = new Set<(isReady: boolean) => void>()
  #socket: Socket | null = null
  #isUp = false
  #isStopped = false
  #pause: NodeJS.Timeout | null = null
  #failures = 0

  constructor(spec: LineSpec, deps: { random: Random; log: LineLog }, events: Events) {
    this.#spec = spec
    this.#deps = deps
    this.#events = events
  }

  /** True once there is a connection; false when there is none within that time. Opens the first one. */
  ready(withinMs: number): Promise<boolean> {
    if (this.#isUp || this.#isStopped) return Promise.resolve(this.#isUp)
    if (this.#socket === null && this.#pause === null) this.#open()
    return new Promise((resolve) => {
      const settle = (isReady: boolean) => {
        clearTimeout(timer)
        this.#waiting.delete(settle)
        resolve(isReady)
      }
      const timer = setTimeout(() => settle(false), withinMs)
      this.#waiting.add(settle)
    })
  }

  /** False when there is no connection: then nothing was sent. */
  send(body: Buffer): boolean {
    if (!this.#isUp || this.#socket === null) return false
    this.#socket.write(toFrame(this.#spec.frame, body))
    return true
  }

  /** Ends the connection after what was written, and opens no other. */
  stop(): void {
    this.#isStopped = true
    if (this.#pause !== null) clearTimeout(this.#pause)
    for (const settle of this.#waiting) settle(false)
    this.#socket?.destroySoon()
  }

  #open(): void {
    this.#pause = null
    const socket = connect({ host: this.#spec.host, port: this.#spec.port })
    this.#socket = socket
    const giveUp = () => socket.destroy(new Error('the connection takes too long'))
    const timer = setTimeout(giveUp, this.#spec.connectMs)
    let reason = 'the bank closed the connection'
    const closed = new AbortController()
    socket.setNoDelay(true)
    socket.once('connect', () => {
      clearTimeout(timer)
      this.#isUp = true
      this.#keepAlive(socket, closed.signal)
      for (const settle of this.#waiting) settle(true)
    })
    socket.once('error', (error) => (reason = error.message))
    socket.once('close', () => {
      clearTimeout(timer)
      closed.abort()
      this.#lost(reason)
    })
    this.#receive(socket)
  }

  #receive(socket: Socket): void {
    const read = createFrameReader(this.#spec.frame, this.#spec.mostFrameBytes)
    socket.on('data', (chunk) => {
      if (socket.destroyed) return
      const { frames, broken } = read(chunk)
      if (frames.length > 0) this.#failures = 0
      for (const frame of frames) this.#events.onFrame(frame)
      if (broken !== null) socket.destroy(new Error(broken))
    })
  }

  /** Any byte from the bank shows that it is there; our own heartbeat makes it say something. */
  #keepAlive(socket: Socket, closed: AbortSignal): void {
    const { heartbeat, heartbeatMs, idleMs } = this.#spec
    const beat = setInterval(() => this.send(heartbeat()), heartbeatMs).unref()
    // The socket's own timer counts what goes out as well, so silence is counted here.
    const giveUp = () => socket.destroy(new Error('the bank was silent for too long'))
    const idle = setTimeout(giveUp, idleMs).unref()
    socket.on('data', () => void idle.refresh())
    closed.addEventListener('abort', () => {
      clearInterval(beat)
      clearTimeout(idle)
    })
  }

  #lost(reason: string): void {
    this.#socket = null
    this.#isUp = false
    this.#events.onLost(reason)
    if (this.#isStopped) return
    const { firstPauseMs, mostPauseMs } = this.#spec
    const pauseMs = Math.min(firstPauseMs * 2 ** Math.min(this.#failures, 20), mostPauseMs)
    this.#failures += 1
    this.#deps.log('connection_lost', { reason, pauseMs })
    // Half of the pause is left to chance, so that many hubs do not come back at the same moment.
    const halfMs = Math.ceil(pauseMs / 2)
    const afterMs = halfMs + randomBelow(this.#deps.random, halfMs + 1)
    this.#pause = setTimeout(() => this.#open(), afterMs).unref()
  }
}
