import { createRequire } from 'node:module'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { AppError } from '../../../../kernel/error.ts'
import { PROFILES, type ProfileName } from '../profiles/index.ts'
import type { Profile } from '../profiles/profile.ts'
import type { FieldSpec, Layout, Message } from './layout.ts'
import { describeMessage } from './mask.ts'
import { pack, unpack } from './packager.ts'

const profiles = Object.entries(PROFILES) as [ProfileName, Profile][]

const CHINESE = '医桥门诊缴费收银台'

const anyOf = (characters: string) => fc.constantFrom(...characters.split(''))

/** Any value that the field can hold and that stands for itself: whole where it is fixed, without spaces at its end. */
function valueFor(layout: Layout, spec: FieldSpec): fc.Arbitrary<string> {
  const isFixed = spec.lengthDigits === 0
  const least = layout.form === 'columns' ? 1 : 0
  const text = (unit: fc.Arbitrary<string>, perUnit = 1) =>
    fc
      .string({ unit, minLength: least, maxLength: Math.floor(spec.size / perUnit) })
      .map((value) => (isFixed || least > 0 ? value.trimEnd() : value))
      .filter((value) => value.length >= least)
  const digits = anyOf('0123456789')
  switch (spec.content) {
    case 'n':
      return fc.string({
        unit: digits,
        minLength: isFixed ? spec.size : least,
        maxLength: spec.size,
      })
    case 'z':
      return fc.string({
        unit: anyOf('0123456789='),
        minLength: least,
        maxLength: spec.size,
      })
    case 'b':
      return fc
        .uint8Array({ minLength: isFixed ? spec.size : least, maxLength: spec.size })
        .map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase())
    case 'an':
      return text(anyOf('0123456789ABCDEFXYZabcxyz '))
    case 'ans':
      return text(anyOf(`${CHINESE}A a9=.-/`), 2)
  }
}

function messageFor({ layout }: Profile): fc.Arbitrary<Message> {
  const fields = Object.fromEntries(
    Object.entries(layout.fields).map(([field, spec]) => [
      field,
      fc.option(valueFor(layout, spec), { nil: undefined }),
    ]),
  )
  const mti = fc.stringMatching(/^[0-9]{4}$/)
  return fc.record({ mti, fields: fc.record(fields) }).map((message) => ({
    mti: message.mti,
    fields: Object.fromEntries(
      Object.entries(message.fields).filter(([, value]) => value !== undefined),
    ) as Record<number, string>,
  }))
}

type Reading = Message | { refused: string }

/** Anything but our own named error, with a place within the bytes, is thrown on. */
function readOrRefuse(profile: Profile, bytes: Buffer): Reading {
  try {
    return unpack(profile, bytes)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'iso8583.unreadable') throw error
    const { offset, reason, field } = error.params
    const isPlaced = Number(offset) <= bytes.length && Number.isInteger(field) && reason !== ''
    if (!isPlaced || error.params['profile'] !== profile.name) throw error
    return { refused: String(reason) }
  }
}

const isRefused = (reading: Reading): boolean => 'refused' in reading

/** What the packager says of a message that it cannot write. */
function refusalOf(profile: Profile, message: Message): string {
  try {
    pack(profile, message)
    return ''
  } catch (error) {
    return String(error)
  }
}

describe.each(profiles)('the profile %s', (_name, profile) => {
  it('gives back every message it wrote', () => {
    fc.assert(
      fc.property(messageFor(profile), (message) => {
        expect(unpack(profile, pack(profile, message))).toEqual(message)
      }),
    )
  })

  it('refuses every message that was cut off or has bytes too many', () => {
    fc.assert(
      fc.property(messageFor(profile), fc.nat(), (message, at) => {
        const bytes = pack(profile, message)
        expect(isRefused(readOrRefuse(profile, bytes.subarray(0, at % bytes.length)))).toBe(true)
        expect(isRefused(readOrRefuse(profile, Buffer.concat([bytes, Buffer.from(' ')])))).toBe(
          true,
        )
      }),
    )
  })

  it('reads chance and damage as a message of its own, or refuses it by name', () => {
    const chance = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes))
    fc.assert(
      fc.property(chance, (bytes) => void readOrRefuse(profile, bytes)),
      { numRuns: 500 },
    )
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 })
    fc.assert(
      fc.property(messageFor(profile), damage, (message, changes) => {
        const bytes = pack(profile, message)
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        expect(readOrRefuse(profile, bytes)).toBeDefined()
      }),
      { numRuns: 300 },
    )
  })

  it('says which field cannot be written, and never with what', () => {
    const wrong: [number, string][] = [
      [4, '12345678901234'],
      [4, '12 34'],
      [11, '1234567'],
      [41, '123456789'],
      [42, '医'.repeat(8)],
      [37, 'é'],
      [52, '0123'],
      [52, 'XYZ'],
      [9, '1'],
    ]
    for (const [field, value] of wrong) {
      const message = { mti: '0200', fields: { 3: '000000', [field]: value } }
      const said = refusalOf(profile, message)
      expect(said).toContain('iso8583.unwritable')
      expect(said).toContain(`"field":${field}`)
      // A short value stands in any text by chance.
      expect(value.length > 3 && said.includes(value)).toBe(false)
    }
    expect(() => pack(profile, { mti: '2', fields: {} })).toThrow('iso8583.unwritable')
  })

  it('shows no card data in a description', () => {
    const secrets = { 2: '6222021234567890123', 14: '3012', 52: '0123456789ABCDEF', 55: '9F2608A1' }
    const more = {
      35: '6222021234567890123=30122210000012345',
      59: '6220123456789012345',
      62: 'AB',
    }
    const message = { mti: '0200', fields: { ...secrets, ...more, 63: '卡号6222021234567890123' } }
    const text = describeMessage(profile.layout, message)
    expect(text).toBe(
      '0200 F2=622202*********0123 F14=*** F35=*** F52=*** F55=*** F59=*** F62=*** F63=卡号622202*********0123',
    )
    expect(describeMessage(profile.layout, { mti: '0200', fields: { 99: 'x' } })).toBe(
      '0200 F99=***',
    )
  })
})

// Written out by hand from the field table: TPDU, header, type, bitmap, then each field.
describe('a sale of a CUPS POS, byte by byte', () => {
  const message = {
    mti: '0200',
    fields: {
      2: '6222021234567890123',
      3: '000000',
      4: '000000012345',
      11: '000042',
      22: '021',
      23: '001',
      25: '00',
      35: '6222021234567890123=3012221',
      41: 'T0000001',
      42: '898510180620001',
      49: '156',
      52: '0123456789ABCDEF',
      60: '22000001000',
      63: '医院',
      64: '4142434445464748',
    },
  }
  const bytes = [
    '6000030000' + '603100310100',
    '0200',
    // Fields 2 3 4 11 22 23 25 35 41 42 49 52 60 63 64.
    '7020068020C09013',
    '19' + '62220212345678901230',
    '000000',
    '000000012345',
    '000042',
    '0210',
    '0001',
    '00',
    '27' + '6222021234567890123D30122210',
    Buffer.from('T0000001').toString('hex'),
    Buffer.from('898510180620001').toString('hex'),
    Buffer.from('156').toString('hex'),
    '0123456789ABCDEF',
    '0011' + '220000010000',
    '0004' + 'D2BDD4BA',
    '4142434445464748',
  ].join('')

  it('is written so', () => {
    expect(pack(PROFILES.cups, message).toString('hex').toUpperCase()).toBe(bytes.toUpperCase())
  })

  it('is read so, with the addresses of the TPDU either way', () => {
    expect(unpack(PROFILES.cups, Buffer.from(bytes, 'hex'))).toEqual(message)
    const swapped = `6000000003${bytes.slice(10)}`
    expect(unpack(PROFILES.cups, Buffer.from(swapped, 'hex'))).toEqual(message)
  })

  it('says where it is wrong', () => {
    const failure = (hex: string) => {
      try {
        unpack(PROFILES.cups, Buffer.from(hex, 'hex'))
        return null
      } catch (error) {
        return error instanceof AppError ? error.params : error
      }
    }
    const at = (field: number, offset: number) => ({ profile: 'cups', field, offset })
    expect(failure('6000')).toEqual({ ...at(0, 0), reason: 'is cut off' })
    expect(failure(bytes.slice(0, 22) + 'AB00')).toMatchObject(at(0, 2))
    expect(failure(bytes.slice(0, 60))).toEqual({ ...at(2, 11), reason: 'is cut off' })
    const long = bytes.replace(
      '0200' + '7020068020C09013' + '19',
      '0200' + '7020068020C09013' + '21',
    )
    expect(failure(long)).toEqual({ ...at(2, 11), reason: 'is longer than 19' })
    // A bit for a field that a POS does not have.
    const strange = bytes.replace('7020068020C09013', '7820068020C09013')
    expect(failure(strange)).toMatchObject({ field: 5, reason: 'is not in the profile' })
    expect(failure(`${bytes}00`)).toMatchObject({
      field: 64,
      reason: 'is followed by 1 bytes too many',
    })
  })
})

// A second opinion by another's code, on the profile that it can express.
describe('the package iso_8583', () => {
  type Other = new (
    message: Record<string, string>,
    formats: object,
  ) => { getRawMessage(): Buffer | { error: string }; getIsoJSON(bytes: Buffer): object }
  const Iso8583 = createRequire(import.meta.url)('iso_8583') as Other
  const layout = PROFILES.ascii128.layout
  const formats = Object.fromEntries(
    Object.entries(layout.fields).map(([field, spec]) => [
      field,
      {
        ContentType: spec.content,
        Label: spec.name,
        LenType: { 0: 'fixed', 2: 'llvar', 3: 'lllvar' }[spec.lengthDigits],
        MaxLen: spec.content === 'b' ? spec.size * 2 : spec.size,
      },
    ]),
  )
  const sale = {
    2: '6222021234567890',
    3: '000000',
    4: '000000012345',
    7: '1121100000',
    11: '000042',
    12: '100000',
    13: '1121',
    18: '8062',
    22: '021',
    25: '00',
    32: '01020000',
    35: '6222021234567890=3012221',
    37: '112100000001',
    38: 'A12345',
    39: '00',
    41: 'T0000001',
    42: '898510180620001',
    49: '156',
    52: '0123456789ABCDEF',
    70: '301',
    100: '12345',
    128: 'ABCDEF0123456789',
  }

  it('writes the same bytes, and reads ours as the same fields', () => {
    const optional = ['7', '18', '25', '32', '35', '38', '39', '52', '70', '100']
    fc.assert(
      fc.property(fc.subarray(optional), (left) => {
        const fields = Object.fromEntries(
          Object.entries(sale).filter(([field]) => !left.includes(field)),
        ) as Record<number, string>
        const ours = pack(PROFILES.ascii128, { mti: '0200', fields })
        const theirs = new Iso8583({ 0: '0200', ...fields }, formats).getRawMessage()
        expect(theirs).toBeInstanceOf(Buffer)
        expect(ours.toString('hex')).toBe((theirs as Buffer).toString('hex'))
        expect(unpack(PROFILES.ascii128, theirs as Buffer)).toEqual({ mti: '0200', fields })
      }),
    )
  })

  it('writes a second bitmap even with nothing in it, which is read all the same', () => {
    const fields = { 3: '000000', 11: '000042' }
    const theirs = new Iso8583({ 0: '0800', ...fields }, formats).getRawMessage() as Buffer
    expect(theirs.length).toBe(pack(PROFILES.ascii128, { mti: '0800', fields }).length + 8)
    expect(unpack(PROFILES.ascii128, theirs)).toEqual({ mti: '0800', fields })
  })
})
