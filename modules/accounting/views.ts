import type { ExportRow } from './export-store.ts'
import type { DayRow, LineRow, SourceRow, VoucherRow } from './voucher-store.ts'

export const viewOfDay = (row: DayRow) => ({
  date: row.business_date,
  status: row.status,
  version: row.version,
  transfers: row.transfers,
  findings: row.findings,
  madeAt: row.made_at?.toISOString() ?? null,
})

export const viewOfVoucher = (row: VoucherRow, erpNo: string | null) => ({
  id: row.id,
  date: row.business_date,
  type: row.type,
  month: row.month,
  no: row.no,
  version: row.version,
  financialFen: row.financial_fen,
  budgetFen: row.budget_fen,
  erpNo,
  madeAt: row.made_at.toISOString(),
})

export const viewOfLine = (row: LineRow) => ({
  lineNo: row.line_no,
  subject: row.subject,
  aux: row.aux,
  summary: row.summary,
  debitFen: row.debit_fen,
  creditFen: row.credit_fen,
})

export const viewOfSource = (row: SourceRow) => ({
  key: `${row.entry_id}/${row.transfer_no}/${row.part_no}`,
  entryId: row.entry_id,
  transferNo: row.transfer_no,
  amountFen: row.amount_fen,
  cause: row.cause,
  subject: row.subject,
})

export const viewOfExport = (row: ExportRow) => ({
  id: row.id,
  layout: row.layout,
  from: row.from_date,
  to: row.to_date,
  vouchers: row.voucher_ids.length,
  digest: row.digest,
  bytes: row.byte_count,
  madeBy: row.made_by,
  madeAt: row.made_at.toISOString(),
})
