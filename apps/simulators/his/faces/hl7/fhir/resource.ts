import { type Fen, toYuanText } from '../../../../../../kernel/money.ts'
import type { Named } from '../../../protocol.ts'

export type Resource = { resourceType: string; id: string; [element: string]: unknown }

/** Systems of identifiers and codes that are the product's own. */
export const urn = (name: string) => `urn:yqhis:${name}`
export const ID_CARD = 'urn:oid:2.16.156.1.112635.1.2.1'
export const HL7 = 'http://terminology.hl7.org/CodeSystem/'

export const reference = (type: string, id: string, display?: string) => ({
  reference: `${type}/${id}`,
  ...(display !== undefined && { display }),
})

export const identifier = (name: string, value: string) => ({ system: urn(name), value })

export const concept = (system: string, { code, name }: Named) => ({
  coding: [{ system, code, display: name }],
  text: name,
})

export const extension = (name: string, value: object) => ({ url: urn(name), ...value })

/**
 * A decimal number as FHIR has it, with the digits it has here: '3.50'. It is held as text behind a mark and becomes a number
 * only where the JSON is written, so that it is never a binary fraction.
 */
export const decimal = (digits: string): string => MARK + digits

/** An amount in yuan. */
export const money = (amount: Fen) => ({ value: decimal(toYuanText(amount)), currency: 'CNY' })

const MARK = '\u{E000}'
const MARKED = /"\u{E000}(-?\d+(?:\.\d+)?)"/gu

/** FHIR has no empty text and no empty list: what is empty is left out. */
export const writeJson = (resource: object): string =>
  JSON.stringify(resource, (_name, value: unknown) =>
    isEmpty(value) ? undefined : value,
  ).replaceAll(MARKED, '$1')

const isEmpty = (value: unknown): boolean =>
  value === '' || (Array.isArray(value) && value.length === 0)
