import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { accountingErrors } from './errors.ts'
import { type LayoutTerms, readLayout } from './layout.ts'
import { STANDARD_LAYOUTS } from './standard-layouts.ts'
import { STANDARD_TEMPLATE } from './standard-template.ts'
import type { TermsId } from './tables.ts'
import { readTemplate, type TemplateTerms } from './template.ts'
import { accountingTerms } from './terms-store.ts'

/** In place of an id, where a hospital has agreed on nothing of its own. */
export const STANDARD = 'standard'

/** A hospital has one template at a time. */
export const TEMPLATE_NAME = 'vouchers'

export async function templateOn(
  tx: Tx,
  hospitalId: HospitalId,
  on: BusinessDate,
): Promise<{ id: TermsId | null; template: TemplateTerms }> {
  const rows = await accountingTerms.inForce(tx, hospitalId, { kind: 'template', on })
  const row = rows.find(({ name }) => name === TEMPLATE_NAME)
  if (!row) return { id: null, template: STANDARD_TEMPLATE }
  return { id: row.id, template: readTemplate(row.content) }
}

/** The template a voucher was made by. */
export async function templateOf(
  tx: Tx,
  hospitalId: HospitalId,
  id: string,
): Promise<TemplateTerms> {
  if (id === STANDARD) return STANDARD_TEMPLATE
  const row = await accountingTerms.byId(tx, { hospitalId, id: id as TermsId })
  if (!row) throw accountingErrors.terms_not_found({ id })
  return readTemplate(row.content)
}

/** Errors: layout_not_found. */
export async function layoutOn(
  tx: Tx,
  hospitalId: HospitalId,
  { name, on }: { name: string; on: BusinessDate },
): Promise<{ id: string; layout: LayoutTerms }> {
  const rows = await accountingTerms.inForce(tx, hospitalId, { kind: 'layout', on })
  const row = rows.find((one) => one.name === name)
  if (row) return { id: row.id, layout: readLayout(row.content) }
  return { id: STANDARD, layout: await layoutOf(tx, hospitalId, { name, id: STANDARD }) }
}

/** The layout an export was made by. Errors: layout_not_found. */
export async function layoutOf(
  tx: Tx,
  hospitalId: HospitalId,
  { name, id }: { name: string; id: string },
): Promise<LayoutTerms> {
  if (id === STANDARD) {
    const layout = STANDARD_LAYOUTS.get(name)
    if (!layout) throw accountingErrors.layout_not_found({ name })
    return layout
  }
  const row = await accountingTerms.byId(tx, { hospitalId, id: id as TermsId })
  if (!row) throw accountingErrors.layout_not_found({ name })
  return readLayout(row.content)
}
