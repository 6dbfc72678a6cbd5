import type { VisitKind } from './insurer.ts'

/** What a product of an insurer is for. Data of an installation: an insurer's own list of products. */
export type Product = {
  insurerCode: string
  code: string
  kind: ProductKind
  visitKinds: readonly VisitKind[]
  /** The beginnings of the ICD-10 codes it is for; null for all. */
  diagnosisPrefixes: readonly string[] | null
}

/** 普通险, 互联网门诊险, 慢病包. */
export const PRODUCT_KINDS = ['ordinary', 'online_visit', 'chronic_package'] as const
export type ProductKind = (typeof PRODUCT_KINDS)[number]

/** A product that the list does not have is an ordinary one: its insurer says what it pays. */
export const productOf = (
  products: readonly Product[],
  insurerCode: string,
  code: string,
): Product =>
  products.find((product) => product.insurerCode === insurerCode && product.code === code) ?? {
    insurerCode,
    code,
    kind: 'ordinary',
    visitKinds: ['registration', 'outpatient', 'online'],
    diagnosisPrefixes: null,
  }
