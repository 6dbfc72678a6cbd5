import Type from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * What a terminal read of a card, as it comes in `presence.token`: JSON. It lives in memory for one call, and is never
 * written down or traced. A keypad with keys of its own gives `pinBlock`; one without gives `pin`.
 */
export const CardReadSchema = Type.Object(
  {
    terminal: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{8}$' })),
    /** F22: 021 magnetic stripe with PIN, 051 chip with PIN, 072 contactless without. */
    entryMode: Type.String({ pattern: '^[0-9]{3}$' }),
    pan: Type.String({ pattern: '^[0-9]{13,19}$' }),
    expiry: Type.Optional(Type.String({ pattern: '^[0-9]{4}$' })),
    sequence: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })),
    track2: Type.Optional(Type.String({ pattern: '^[0-9]{13,19}[=D][0-9]{4,20}$', maxLength: 37 })),
    chipData: Type.Optional(Type.String({ pattern: '^([0-9A-Fa-f]{2}){1,255}$' })),
    pin: Type.Optional(Type.String({ pattern: '^[0-9]{4,12}$' })),
    pinBlock: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f]{16}$' })),
  },
  { additionalProperties: false },
)

export type CardRead = Type.Static<typeof CardReadSchema>

/** The payer's code, scanned at a terminal: digits, or JSON where the device names its terminal. */
export type BarcodeRead = { terminal?: string | undefined; barcode: string }

const CardToken = Compile(CardReadSchema)
const BarcodeToken = Compile(
  Type.Object(
    {
      terminal: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{8}$' })),
      barcode: Type.String({ pattern: '^[0-9]{16,24}$' }),
    },
    { additionalProperties: false },
  ),
)

const MAX_TOKEN = 2_048

/** Null when the token is not what such a device gives. */
export function readCard(token: string): CardRead | null {
  const value = parse(token)
  return CardToken.Check(value) ? value : null
}

/** Null when the token is no barcode. */
export function readBarcode(token: string): BarcodeRead | null {
  const value = /^[0-9]+$/.test(token) ? { barcode: token } : parse(token)
  return BarcodeToken.Check(value) ? value : null
}

function parse(token: string): unknown {
  if (token.length > MAX_TOKEN) return undefined
  try {
    return JSON.parse(token)
  } catch {
    return undefined
  }
}
