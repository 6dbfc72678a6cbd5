import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'

import { readZip } from './zip.ts'

const TEXT = Buffer.from('门诊缴费 '.repeat(60))
const zipOf = (level: 0 | 6 = 6) =>
  Buffer.from(zipSync({ 'a/list': [new Uint8Array(TEXT), { level }], empty: new Uint8Array(0) }))

describe('a ZIP', () => {
  it.each([0, 6] as const)('made at level %i is read whole', (level) => {
    expect(readZip(zipOf(level), 100_000)).toEqual({
      outcome: 'read',
      entries: [
        { name: 'a/list', bytes: TEXT },
        { name: 'empty', bytes: Buffer.alloc(0) },
      ],
    })
  })

  it('cut at any place is refused, and never thrown about', () => {
    const zip = zipOf()
    for (let length = 0; length < zip.length; length += 7) {
      expect(readZip(zip.subarray(0, length), 100_000).outcome).toBe('refused')
    }
    expect(readZip(zip.subarray(0, -1), 100_000)).toMatchObject({ code: 'truncated' })
  })

  it('with a byte changed is refused, or the byte meant nothing', () => {
    const zip = zipOf(0)
    for (let place = 0; place < zip.length; place += 11) {
      const changed = Buffer.from(zip)
      changed.writeUInt8(changed.readUInt8(place) ^ 0x01, place)
      const reading = readZip(changed, 100_000)
      const bytes = reading.outcome === 'read' ? reading.entries[0]?.bytes : TEXT
      expect(bytes?.equals(TEXT)).toBe(true)
    }
    const spoilt = zipOf(0)
    spoilt.writeUInt8(0x41, spoilt.indexOf(TEXT) + 5)
    expect(readZip(spoilt, 100_000)).toMatchObject({ code: 'hash' })
  })

  it('that holds more than allowed is refused, whatever it says', () => {
    expect(readZip(zipOf(), TEXT.length - 1)).toMatchObject({ code: 'layout' })
    const lying = zipOf()
    const central = lying.indexOf(Buffer.from('504b0102', 'hex'))
    lying.writeUInt32LE(10, central + 24)
    expect(readZip(lying, 100_000).outcome).toBe('refused')
  })
})
