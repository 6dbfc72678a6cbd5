// The frame of a message on a connection: 0x0B, the message, 0x1C 0x0D. Source: HL7 MLLP, release 1.

const START = 0x0b
const END = 0x1c
const CR = 0x0d
const LF = 0x0a

const HEAD = Buffer.from([START])
const TAIL = Buffer.from([END, CR])

export const framed = (message: Buffer): Buffer => Buffer.concat([HEAD, message, TAIL])

/** Why nothing after it can be read: where the next frame begins is not known. */
export type FrameProblem = {
  code: 'not_framed' | 'half_frame' | 'too_large'
  /** What was read of the frame, some thousand bytes at the most. */
  head: Buffer
}

export type Deframer = {
  /** The frames that a chunk ended, in their order. After a problem nothing more may be pushed. */
  push: (chunk: Buffer) => { frames: Buffer[]; problem: FrameProblem | null }
  /** Whether a frame has begun and not ended. */
  isInside: () => boolean
}

const HEAD_BYTES = 4_096

/** Finds frames, however they are cut into chunks. It holds one frame of at most so many bytes. */
export function createDeframer(mostBytes: number): Deframer {
  let parts: Buffer[] = []
  let size = 0
  let inside = false
  return { push, isInside: () => inside }

  function push(chunk: Buffer) {
    const frames: Buffer[] = []
    let at = 0
    while (at < chunk.length) {
      if (!inside) {
        const byte = chunk[at]
        at += 1
        if (byte === START) inside = true
        else if (byte !== CR && byte !== LF) return { frames, problem: wrong('not_framed') }
        continue
      }
      if (endsWithEnd() && chunk[at] === CR) {
        at += 1
        frames.push(taken())
        continue
      }
      const end = chunk.indexOf(END, at)
      const until = end === -1 ? chunk.length : end + 1
      const part = chunk.subarray(at, until)
      if (part.includes(START)) return { frames, problem: wrong('half_frame') }
      parts.push(part)
      size += part.length
      if (size > mostBytes + 1) return { frames, problem: wrong('too_large') }
      at = until
    }
    return { frames, problem: null }
  }

  function endsWithEnd(): boolean {
    const last = parts.at(-1)
    return last !== undefined && last[last.length - 1] === END
  }

  function taken(): Buffer {
    const frame = Buffer.concat(parts, size).subarray(0, size - 1)
    parts = []
    size = 0
    inside = false
    return frame
  }

  function wrong(code: FrameProblem['code']): FrameProblem {
    const head = Buffer.concat(parts).subarray(0, HEAD_BYTES)
    parts = []
    inside = false
    return { code, head: Buffer.from(head) }
  }
}
