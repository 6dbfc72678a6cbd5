import { createHash } from 'node:crypto'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addDays, type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { AccountingDependencies } from './dependencies.ts'
import { accountingErrors } from './errors.ts'
import {
  acknowledgementsOf,
  type ExportRow,
  findExport,
  insertAcknowledgement,
  insertExport,
  linesOfVouchers,
  listExports,
  vouchersById,
} from './export-store.ts'
import { layoutOf, layoutOn, STANDARD, templateOf } from './in-force.ts'
import type { LayoutTerms } from './layout.ts'
import { renderJson, renderLayout, type WholeVoucher } from './render.ts'
import type { ExportId, VoucherId } from './tables.ts'
import {
  daysBetween,
  findVoucher,
  type LineRow,
  type VoucherRow,
  vouchersBetween,
} from './voucher-store.ts'

export type Range = { from: BusinessDate; to: BusinessDate }
export type NewExport = Range & {
  /** 'json', or the name of a layout. */
  layout: string
  /** Without what the accounting system has taken in already: a supplement. */
  onlyUnacknowledged: boolean
}

const JSON_LAYOUT = 'json'
const MOST_DATES = 31
const MOST_LINES = 200_000

/** What is handed over to the hospital's accounting system. */
export const createExports = (deps: AccountingDependencies) => ({
  makeExport: (hospitalId: HospitalId, wish: NewExport, actor: Actor) =>
    makeExport(deps, hospitalId, wish, actor),
  exportFile: (key: { hospitalId: HospitalId; id: ExportId }) => exportFile(deps, key),
  exports: (hospitalId: HospitalId) =>
    inHospital(deps.db, hospitalId, (tx) => listExports(tx, hospitalId)),
  acknowledge: (
    hospitalId: HospitalId,
    taken: readonly { voucherId: VoucherId; erpNo: string }[],
    actor: Actor,
  ) => acknowledge(deps, hospitalId, taken, actor),
})

/**
 * Records what is handed over. The same vouchers again are the same export. Errors: range_too_long, day_not_over,
 * day_incomplete, layout_not_found, export_too_large.
 */
async function makeExport(
  deps: AccountingDependencies,
  hospitalId: HospitalId,
  wish: NewExport,
  actor: Actor,
): Promise<ExportRow> {
  const { from, to, layout: name } = wish
  const today = businessDateOf(deps.clock.now())
  if (from > to || addDays(from, MOST_DATES) <= to) {
    throw accountingErrors.range_too_long({ most: MOST_DATES })
  }
  if (to >= today) throw accountingErrors.day_not_over({ date: to })
  return inHospital(deps.db, hospitalId, async (tx) => {
    await mustBeComplete(tx, hospitalId, wish)
    const vouchers = await vouchersFor(tx, hospitalId, wish)
    const layoutId =
      name === JSON_LAYOUT ? STANDARD : (await layoutOn(tx, hospitalId, { name, on: to })).id
    const bytes = await fileOf(tx, hospitalId, { range: { from, to }, name, layoutId, vouchers })
    const made = await insertExport(tx, {
      hospital_id: hospitalId,
      id: deps.newId<'VoucherExport'>(),
      layout: name,
      layout_id: layoutId,
      from_date: from,
      to_date: to,
      voucher_ids: vouchers.map(({ id }) => id),
      digest: sha256(bytes),
      byte_count: bytes.length,
      made_by: actor.name,
      made_at: deps.clock.now(),
    })
    await deps.audit(tx, hospitalId, actor, {
      action: 'accounting.export',
      subject: `voucher-export:${made.id}`,
      detail: { layout: name, from, to, digest: made.digest },
    })
    return made
  })
}

/** The file of an export, the same bytes as when it was made. Errors: export_not_found. */
async function exportFile(
  { db }: AccountingDependencies,
  key: { hospitalId: HospitalId; id: ExportId },
): Promise<{ name: string; bytes: Buffer; digest: string }> {
  const { hospitalId, id } = key
  return inHospital(db, hospitalId, async (tx) => {
    const row = await findExport(tx, key)
    if (!row) throw accountingErrors.export_not_found({ id })
    const { layout: name, layout_id: layoutId, from_date: from, to_date: to, digest } = row
    const ids = row.voucher_ids
    const vouchers = ids.length === 0 ? [] : await vouchersById(tx, hospitalId, ids)
    const bytes = await fileOf(tx, hospitalId, { range: { from, to }, name, layoutId, vouchers })
    assert(sha256(bytes) === digest, 'what vouchers and a layout make is always the same')
    const pattern =
      name === JSON_LAYOUT
        ? 'vouchers-{from}-{to}.json'
        : (await layoutOf(tx, hospitalId, { name, id: layoutId })).fileName
    return { name: pattern.replace('{from}', from).replace('{to}', to), bytes, digest }
  })
}

async function mustBeComplete(tx: Tx, hospitalId: HospitalId, { from, to }: Range): Promise<void> {
  const days = new Map(
    (await daysBetween(tx, hospitalId, { from, to })).map((day) => [day.business_date, day.status]),
  )
  for (let date = from; date <= to; date = addDays(date, 1)) {
    if (days.get(date) !== 'complete') throw accountingErrors.day_incomplete({ date })
  }
}

async function vouchersFor(
  tx: Tx,
  hospitalId: HospitalId,
  { from, to, onlyUnacknowledged }: NewExport,
): Promise<VoucherRow[]> {
  const all = await vouchersBetween(tx, hospitalId, { from, to })
  if (!onlyUnacknowledged) return all
  const ids = all.map(({ id }) => id)
  const known = await acknowledgementsOf(tx, hospitalId, ids)
  const taken = new Set(known.map((row) => row.voucher_id))
  return all.filter(({ id }) => !taken.has(id))
}

async function fileOf(
  tx: Tx,
  hospitalId: HospitalId,
  {
    range,
    name,
    layoutId,
    vouchers,
  }: { range: Range; name: string; layoutId: string; vouchers: readonly VoucherRow[] },
): Promise<Buffer> {
  const whole = await wholeVouchers(tx, hospitalId, vouchers)
  if (name === JSON_LAYOUT) return renderJson(range, whole)
  const layout: LayoutTerms = await layoutOf(tx, hospitalId, { name, id: layoutId })
  return renderLayout(layout, whole)
}

async function wholeVouchers(
  tx: Tx,
  hospitalId: HospitalId,
  vouchers: readonly VoucherRow[],
): Promise<WholeVoucher[]> {
  if (vouchers.length === 0) return []
  const ids = vouchers.map(({ id }) => id)
  const rows = await linesOfVouchers(tx, hospitalId, ids, MOST_LINES)
  if (rows.length > MOST_LINES) throw accountingErrors.export_too_large({ most: MOST_LINES })
  const lines = new Map<VoucherId, LineRow[]>(ids.map((id) => [id, []]))
  for (const row of rows) lines.get(row.voucher_id)?.push(row)
  const names = new Map<string, Readonly<Record<string, string>>>()
  for (const { template } of vouchers) {
    if (!names.has(template)) {
      names.set(template, (await templateOf(tx, hospitalId, template)).subjects)
    }
  }
  return vouchers.map(({ id, business_date: date, type, no, version, template }) => ({
    id,
    date,
    type,
    no,
    version,
    lines: (lines.get(id) ?? []).map((line) => ({
      book: line.book,
      subject: line.subject,
      subjectName: names.get(template)?.[line.subject] ?? '',
      aux: line.aux,
      summary: line.summary,
      debitFen: line.debit_fen,
      creditFen: line.credit_fen,
    })),
  }))
}

/** The accounting system took these in. All or none. Errors: voucher_not_found, acknowledged_otherwise. */
async function acknowledge(
  { db, clock, audit }: AccountingDependencies,
  hospitalId: HospitalId,
  taken: readonly { voucherId: VoucherId; erpNo: string }[],
  actor: Actor,
): Promise<void> {
  await inHospital(db, hospitalId, async (tx) => {
    for (const { voucherId, erpNo } of taken) {
      if (!(await findVoucher(tx, { hospitalId, id: voucherId }))) {
        throw accountingErrors.voucher_not_found({ id: voucherId })
      }
      const isNew = await insertAcknowledgement(tx, {
        hospital_id: hospitalId,
        voucher_id: voucherId,
        erp_no: erpNo,
        told_by: actor.name,
        told_at: clock.now(),
      })
      if (isNew) continue
      const [known] = await acknowledgementsOf(tx, hospitalId, [voucherId])
      if (known?.erp_no !== erpNo) {
        throw accountingErrors.acknowledged_otherwise({ id: voucherId, erpNo: known?.erp_no ?? '' })
      }
    }
    await audit(tx, hospitalId, actor, {
      action: 'accounting.acknowledge',
      subject: `hospital:${hospitalId}`,
      detail: { vouchers: taken.length },
    })
  })
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
