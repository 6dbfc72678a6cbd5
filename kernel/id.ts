import { v7 } from 'uuid'

import type { Brand } from './brand.ts'
import type { Random } from './random.ts'
import type { Clock } from './time.ts'

/** A UUIDv7 that names one kind of thing: an Id<'Payment'> is not an Id<'Bill'>. */
export type Id<Kind extends string> = Brand<string, `${Kind}Id`>

/** Makes ids. Handed in like the clock, so that a simulation makes the same ones again. */
export type NewId = <Kind extends string>() => Id<Kind>

/** The short whole number of a hospital: it leads every key, and every trade number carries it. */
export type HospitalId = Brand<number, 'HospitalId'>

/** Version 7 sorts by time of making, and here, within a millisecond, by order of making. */
export function createNewId(clock: Clock, random: Random): NewId {
  let lastMs = -1
  let seq = 0
  return <Kind extends string>() => {
    const msecs = Math.max(clock.now().getTime(), lastMs)
    const bytes = random.bytes(16)
    // Begun below a quarter of its range, so that no millisecond counts it to its end.
    const fresh = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12) >>> 2
    seq = msecs === lastMs ? seq + 1 : fresh
    lastMs = msecs
    return v7({ msecs, seq, random: bytes }) as Id<Kind>
  }
}

/** Lower-case with hyphens, version 7. */
export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text)
