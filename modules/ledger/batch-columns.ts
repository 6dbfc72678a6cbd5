import type { LineColumns, RequestColumns } from './batch-store.ts'
import type { Account, AccountKind, EntryId, HoldId, Transfer } from './entry.ts'
import type { LedgerRequest } from './request.ts'

/** The requests as the statement takes them: an array for each column. */
export function columnsOf(list: readonly { request: LedgerRequest; id: EntryId }[]) {
  const requests = emptyColumns()
  const lines: LineColumns = { no: [], lineNo: [], debit: [], credit: [], amountFen: [] }
  const kinds = new Map<string, AccountKind>()
  for (const [i, { request, id }] of list.entries()) {
    addRequest(requests, request, id)
    if (request.kind === 'hold') openBoth(kinds, request)
    if (request.kind !== 'post') continue
    for (const [at, transfer] of request.transfers.entries()) {
      lines.no.push(i + 1)
      lines.lineNo.push(at + 1)
      lines.debit.push(transfer.debit.code)
      lines.credit.push(transfer.credit.code)
      lines.amountFen.push(transfer.amountFen)
      openBoth(kinds, transfer)
    }
  }
  return { requests, lines, accounts: { codes: [...kinds.keys()], kinds: [...kinds.values()] } }
}

/** The accounts and holds that the requests name. */
export function reachOf(list: readonly { request: LedgerRequest }[]) {
  const codes = new Set<string>()
  const promised = new Set<string>()
  const holdIds = new Set<HoldId>()
  for (const { request } of list) {
    const transfers = request.kind === 'post' ? request.transfers : []
    for (const { debit, credit } of request.kind === 'hold' ? [request] : transfers) {
      codes.add(debit.code).add(credit.code)
    }
    if (request.kind === 'hold') promised.add(request.credit.code)
    if ('holdId' in request) holdIds.add(request.holdId)
  }
  return { codes: [...codes], promised: [...promised], holdIds: [...holdIds] }
}

const emptyColumns = (): RequestColumns => ({
  kind: [],
  id: [],
  cause: [],
  subject: [],
  memo: [],
  businessDate: [],
  onNextOpen: [],
  holdId: [],
  amountFen: [],
  keepsRest: [],
  debit: [],
  credit: [],
  expiresAt: [],
})

function addRequest(to: RequestColumns, request: LedgerRequest, id: EntryId): void {
  const is = {
    post: request.kind === 'post' ? request : null,
    hold: request.kind === 'hold' ? request : null,
    postHold: request.kind === 'post_hold' ? request : null,
    ofHold: 'holdId' in request ? request : null,
  }
  const entry = is.post ?? is.postHold
  to.kind.push(request.kind)
  to.id.push(id)
  to.cause.push('cause' in request ? request.cause : '')
  to.subject.push(is.post?.subject ?? is.hold?.subject ?? null)
  to.memo.push(entry?.memo ?? '')
  to.businessDate.push(entry?.businessDate ?? null)
  to.onNextOpen.push(entry?.onClosedDate === 'next_open')
  to.holdId.push(is.ofHold?.holdId ?? null)
  to.amountFen.push(is.hold?.amountFen ?? is.postHold?.amountFen ?? null)
  to.keepsRest.push(is.postHold?.rest === 'keep')
  to.debit.push(is.hold?.debit.code ?? null)
  to.credit.push(is.hold?.credit.code ?? null)
  to.expiresAt.push(is.hold?.expiresAt ?? null)
}

function openBoth(kinds: Map<string, AccountKind>, { debit, credit }: Transfer): void {
  for (const { code, kind } of [debit, credit] satisfies Account[]) {
    if (!kinds.has(code)) kinds.set(code, kind)
  }
}
