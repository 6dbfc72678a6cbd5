import { createHash } from 'node:crypto'

import { assert } from '../../../../kernel/assert.ts'
import { aboutClaim, type ClaimNumber, claimOf } from './claims.ts'
import { askFaultPlan, type Context, faultKeyOf, newNumber, nowMs, Refusal } from './context.ts'

export const DOCUMENT_KINDS = ['bill', 'items', 'receipt', 'summary'] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

/** Without these no claim is accepted. */
const WANTED: readonly DocumentKind[] = ['bill', 'items', 'receipt']

export const DOCUMENTS_MAX = 20
export const DOCUMENT_MAX_BYTES = 5 * 1024 * 1024

export type Submission = {
  hospital: string
  submissionNo: string
  claim: ClaimNumber
  /** The file these papers are added to; null for the first ones. */
  fileNo: string | null
  /** The insured's consent under which the hospital sends them. */
  consent: { no: string; version: string }
  documents: readonly IncomingDocument[]
}

export type IncomingDocument = {
  documentNo: string
  kind: DocumentKind
  title: string
  contentType: string
  sha256: string
  content: Buffer
}

/** The papers of one settled claim, and what the insurer makes of them. */
export type ClaimFile = {
  fileNo: string
  claimNo: string
  state: 'submitted' | 'accepted' | 'more_wanted' | 'refused'
  wanted: readonly DocumentKind[]
  reason: string
  decidedAt: Date | null
}

/** Keeps the papers, once. They are looked through after the context's `reviewMs`. */
export function submitPapers(context: Context, submission: Submission): ClaimFile {
  const { hospital, submissionNo, consent } = submission
  const claim = claimOf(context, submission.claim)
  submission.documents.forEach(checkDocument)
  const digest = digestOf(submission, claim.claimNo)
  const known = context.store.get<{ file_no: string; digest: string }>(
    'select file_no, digest from submission where hospital = ? and submission_no = ?',
    [hospital, submissionNo],
  )
  if (known) {
    if (known.digest !== digest) throw new Refusal('different', '提交号已用于其他内容')
    return fileOf(context, { hospital, fileNo: known.file_no })
  }
  if (claim.settledAt === null) throw new Refusal('not_settled', '未理赔，不能提交资料')
  const fileNo = openFile(context, submission, claim.claimNo)
  context.store.run('insert into submission values (?, ?, ?, ?, ?, ?)', [
    hospital,
    submissionNo,
    fileNo,
    digest,
    consent.no,
    consent.version,
  ])
  for (const document of submission.documents) {
    const { documentNo, kind, title, contentType, sha256, content } = document
    context.store.run('insert into document values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing', [
      fileNo,
      documentNo,
      kind,
      title,
      contentType,
      sha256,
      content.length,
    ])
  }
  return fileOf(context, { hospital, fileNo })
}

/** As it is now: what is due to be decided is decided. Throws 'claim_not_found'. */
export function reviewed(
  context: Context,
  number: { hospital: string; fileNo: string },
): ClaimFile {
  const file = fileOf(context, number)
  const row = context.store.get<{ decide_ms: number }>(
    `select decide_ms from file where file_no = ? and state = 'submitted' and decide_ms <= ?`,
    [file.fileNo, nowMs(context)],
  )
  if (!row) return file
  const { requestNo } = claimOf(context, { hospital: number.hospital, claimNo: file.claimNo })
  const fault = askFaultPlan(
    context,
    'review',
    faultKeyOf(context, number.hospital, requestNo, null),
  )
  if (fault?.kind === 'decline') decide(context, file.fileNo, 'refused', { reason: fault.code })
  else {
    const missing = missingKinds(context, file.fileNo)
    if (missing.length === 0) decide(context, file.fileNo, 'accepted', {})
    else decide(context, file.fileNo, 'more_wanted', { wanted: missing, reason: '理赔资料不全' })
  }
  return fileOf(context, number)
}

/** The name of a file's claim to a fault plan; unknown for a file there is not. */
export function aboutFile(context: Context, number: { hospital: string; fileNo: string }): string {
  const { hospital, fileNo } = number
  const row = context.store.get<{ claim_no: string }>(
    'select claim_no from file where hospital = ? and file_no = ?',
    [hospital, fileNo],
  )
  return aboutClaim(context, { hospital, claimNo: row?.claim_no ?? '' }).key
}

/** The insurer wants its money back. */
export const refuseFile = (context: Context, fileNo: string, reason: string): void =>
  decide(context, fileNo, 'refused', { reason })

/** For the books: what was handed in of a claim. */
export const documentsOf = ({ store }: Context, claimNo: string) =>
  store.all<{ kind: string; sha256: string; bytes: number }>(
    `select d.kind, d.sha256, d.bytes from document d join file f on f.file_no = d.file_no
     where f.claim_no = ? order by d.rowid`,
    [claimNo],
  )

function checkDocument({ content, sha256 }: IncomingDocument): void {
  if (content.length < 1 || content.length > DOCUMENT_MAX_BYTES) {
    throw new Refusal('invalid', '文件大小应为1字节至5兆')
  }
  if (createHash('sha256').update(content).digest('hex') !== sha256) {
    throw new Refusal('invalid', '文件摘要不符')
  }
}

const digestOf = ({ fileNo, consent, documents }: Submission, claimNo: string): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        claimNo,
        fileNo,
        consent,
        documents.map((d) => [d.kind, d.documentNo, d.sha256]),
      ]),
    )
    .digest('hex')

/** The claim's file, made with the first papers; with more of them it is looked through again. */
function openFile(context: Context, { hospital, fileNo }: Submission, claimNo: string): string {
  const known = context.store.get<{ file_no: string; state: ClaimFile['state'] }>(
    'select file_no, state from file where claim_no = ?',
    [claimNo],
  )
  if (fileNo !== null && known?.file_no !== fileNo) throw new Refusal('claim_not_found', '无此案件')
  const decideMs = nowMs(context) + context.reviewMs
  if (known) {
    if (known.state === 'refused') throw new Refusal('cancelled', '案件已拒赔')
    context.store.run(
      `update file set state = 'submitted', wanted = '', decide_ms = ? where file_no = ?
       and state <> 'accepted'`,
      [decideMs, known.file_no],
    )
    return known.file_no
  }
  const made = newNumber(context, 'F')
  context.store.run(
    `insert into file (file_no, hospital, claim_no, state, decide_ms) values (?, ?, ?, 'submitted', ?)`,
    [made, hospital, claimNo, decideMs],
  )
  return made
}

function missingKinds({ store }: Context, fileNo: string): DocumentKind[] {
  const kinds = store.all<{ kind: string }>(
    'select distinct kind from document where file_no = ?',
    [fileNo],
  )
  return WANTED.filter((kind) => !kinds.some((row) => row.kind === kind))
}

function decide(
  context: Context,
  fileNo: string,
  state: 'accepted' | 'more_wanted' | 'refused',
  { wanted = [], reason = '' }: { wanted?: readonly DocumentKind[]; reason?: string },
): void {
  context.store.run(
    'update file set state = ?, wanted = ?, reason = ?, decided_ms = ? where file_no = ?',
    [state, wanted.join(' '), reason, nowMs(context), fileNo],
  )
}

function fileOf(
  { store }: Context,
  { hospital, fileNo }: { hospital: string; fileNo: string },
): ClaimFile {
  const row = store.get<FileRow>('select * from file where hospital = ? and file_no = ?', [
    hospital,
    fileNo,
  ])
  if (!row) throw new Refusal('claim_not_found', '无此案件')
  const wanted = row.wanted.split(' ').filter((kind) => kind !== '')
  assert(wanted.every(isDocumentKind), 'only known kinds are wanted')
  return {
    fileNo: row.file_no,
    claimNo: row.claim_no,
    state: row.state,
    wanted,
    reason: row.reason,
    decidedAt: row.decided_ms === null ? null : new Date(row.decided_ms),
  }
}

export const isDocumentKind = (text: string): text is DocumentKind =>
  DOCUMENT_KINDS.some((kind) => kind === text)

type FileRow = {
  file_no: string
  claim_no: string
  state: ClaimFile['state']
  wanted: string
  reason: string
  decided_ms: number | null
}
