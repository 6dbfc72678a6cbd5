import type { Profile } from '../profiles/profile.ts'

type FrameSpec = Profile['frame']

/** A frame: the length, which does not count itself, and the message. */
export function toFrame({ lengthBytes, lengthAs }: FrameSpec, body: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes)
  if (lengthAs === 'binary') length.writeUIntBE(body.length, 0, lengthBytes)
  else length.write(String(body.length).padStart(lengthBytes, '0'), 'latin1')
  return Buffer.concat([length, body])
}

/** What a stream of bytes has come to: whole frames, and why nothing more can be read of it. */
export type Frames = { frames: Buffer[]; broken: string | null }

/**
 * Cuts a stream into frames. A length that is none, or of more than `mostBytes`, breaks the stream for good: nobody
 * knows where the next frame would begin.
 */
export function createFrameReader({ lengthBytes, lengthAs }: FrameSpec, mostBytes: number) {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk: Buffer): Frames => {
    rest = Buffer.concat([rest, chunk])
    const frames: Buffer[] = []
    while (rest.length >= lengthBytes) {
      const length = readLength(rest.subarray(0, lengthBytes))
      if (length === null) return { frames, broken: 'a frame has no length' }
      if (length > mostBytes) return { frames, broken: `a frame has ${length} bytes` }
      if (rest.length < lengthBytes + length) break
      frames.push(rest.subarray(lengthBytes, lengthBytes + length))
      rest = rest.subarray(lengthBytes + length)
    }
    return { frames, broken: null }
  }

  function readLength(bytes: Buffer): number | null {
    if (lengthAs === 'binary') return bytes.readUIntBE(0, lengthBytes)
    const text = bytes.toString('latin1')
    return /^[0-9]+$/.test(text) ? Number(text) : null
  }
}
