// A bank's message as data: what stands where, and how it is written. Nothing here knows what a message means.

/** n digits, an letters and digits, ans any text, b bytes (as hex in a message), z track data. */
export type Content = 'n' | 'an' | 'ans' | 'b' | 'z'

/**
 * How a field is shown in a trace: whole; as free text, in which a card number may stand; the first six and last four
 * of a number; or not at all.
 */
export type Mask = 'open' | 'text' | 'pan' | 'hidden'

export type FieldSpec = {
  name: string
  content: Content
  /** Digits for n and z, bytes for everything else; the most of them where the length varies. */
  size: number
  /** 0: always `size`. 2, 3: as long as the number of so many digits before it says. */
  lengthDigits: 0 | 2 | 3
  /** On which side an odd digit is filled up to a whole byte of BCD. */
  pad: 'left' | 'right'
  mask: Mask
}

export type FieldTable = Readonly<Record<number, FieldSpec>>

export type TextEncoding = 'ascii' | 'gbk'

/** Bitmap and fields, as ISO 8583 has them. */
export type BitmapLayout = {
  form: 'bitmap'
  /** With 128, the first bit says that a second bitmap follows. */
  highestField: 64 | 128
  digits: 'bcd' | 'ascii'
  lengths: 'bcd' | 'ascii' | 'binary'
  bitmap: 'binary' | 'hex'
  text: TextEncoding
  fields: FieldTable
}

/** No bitmap: every field in its own columns, in the order of `columns`, spaces where there is none. */
export type ColumnLayout = {
  form: 'columns'
  text: TextEncoding
  columns: readonly number[]
  fields: FieldTable
}

export type Layout = BitmapLayout | ColumnLayout

/** The four digits of the type, and fields by number: digits and text as they are, bytes as upper-case hex. */
export type Message = { mti: string; fields: MessageFields }

export type MessageFields = Readonly<Record<number, string>>

/** What a packager must know of a profile. `prefix` is what stands before the message in each frame (TPDU, header), as hex. */
export type Packaging = { name: string; prefix: string; layout: Layout }

/**
 * [field, name, content, length, size, changes]. The length is 'fix', 'LL' or 'LLL'.
 * A short way to write a table; what is left out is filled up on the left and shown openly.
 */
export type FieldRow = readonly [
  field: number,
  name: string,
  content: Content,
  length: 'fix' | 'LL' | 'LLL',
  size: number,
  changes?: { pad?: 'left' | 'right'; mask?: Mask },
]

const LENGTH_DIGITS = { fix: 0, LL: 2, LLL: 3 } as const

export const fieldTable = (rows: readonly FieldRow[]): FieldTable =>
  Object.fromEntries(
    rows.map(([field, name, content, length, size, changes]): [number, FieldSpec] => [
      field,
      {
        name,
        content,
        size,
        lengthDigits: LENGTH_DIGITS[length],
        pad: changes?.pad ?? 'left',
        mask: changes?.mask ?? 'open',
      },
    ]),
  )
