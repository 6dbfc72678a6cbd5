import Type from 'typebox'

// What the routes of every module say in the same way, as JSON Schema.

export const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const Uuid = Type.String({ format: 'uuid' })

export const Instant = Type.String({ format: 'date-time' })

/** A hospital by its number, which is four digits of base 36 in the numbers of its payments. */
export const HospitalParam = Type.Integer({ minimum: 1, maximum: 1_679_615 })

/** A business date. */
export const Day = Type.String({ format: 'date' })

/** An amount that is given out; of one that is taken in, the route says the least and the most. */
export const Fen = (description: string) => Type.Integer({ description: `Fen. ${description}` })

/** For objects whose other fields are refused, not passed over. */
export const strict = { additionalProperties: false }
