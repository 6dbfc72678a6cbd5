import { createHash } from 'node:crypto'

import { ZERO } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import type {
  ProviderCall,
  StatementAnswer,
  StatementRequest,
} from '../../../modules/payments/index.ts'
import { BillAddress } from './answers.ts'
import { BILL_TITLE, readTradeBill, type Refused } from './bill.ts'
import { type ApiRequest, type Client, type ClientDeps, MAX_ZIP_BYTES } from './client.ts'
import type { AlipayAccount } from './params.ts'
import { BILL_REFUSALS, refusalOf, SUCCESS } from './translation.ts'
import { readZip, ZipRefused } from './zip.ts'

/** Alipay makes the bills of a day from nine o'clock of the next. */
const READY_FROM = '09:00:00'
/** From ten o'clock the bills of the day before are all there. */
const SETTLED_FROM = '10:00:00'

/** The details and the summary; more than a few files are no bill. */
const ZIP_LIMITS = { entries: 16, unpackedBytes: 64 * 1024 * 1024 }

/** A merchant who traded nothing on a day may have no bill of it. Only believed when our books have nothing, either. */
const NO_TRADE: StatementAnswer = {
  outcome: 'lines',
  lines: [],
  feeFen: ZERO,
  content: '',
  sha256: createHash('sha256').update('').digest('hex'),
}

/** The bill of a closed day: its address, which is good for thirty seconds, then the archive that lies there. */
export function createStatements(account: AlipayAccount, client: Client, deps: ClientDeps) {
  return { statement }

  async function statement(
    call: ProviderCall,
    { businessDate, ownMoves }: StatementRequest,
  ): Promise<StatementAnswer> {
    if (deps.clock.now() < instantAt(addDays(businessDate, 1), READY_FROM)) {
      return notReady('bills are made from 09:00 of the next day')
    }
    const address = await client.ask(call, addressRequest(businessDate), (reply) =>
      reply.code === SUCCESS ? readAddress(reply.node) : refusalOf(BILL_REFUSALS, reply),
    )
    if (address.outcome === 'not_ready') {
      const isSettled = deps.clock.now() >= instantAt(addDays(businessDate, 1), SETTLED_FROM)
      return isSettled && ownMoves.length === 0 ? NO_TRADE : notReady(address.reason)
    }
    if (address.outcome === 'unknown') return address
    const url = downloadUrl(account, address.url)
    if (url === null) return refused('layout', 'the address of the bill is none')
    const file = await client.download(call, url)
    if (file.outcome === 'unknown') return file
    if (file.outcome === 'too_large') {
      return refused('layout', `the bill is larger than ${MAX_ZIP_BYTES} bytes`)
    }
    return readBill(account, businessDate, file.bytes)
  }
}

const addressRequest = (businessDate: BusinessDate): ApiRequest => ({
  method: 'alipay.data.dataservice.bill.downloadurl.query',
  content: { bill_type: 'trade', bill_date: businessDate },
})

function readAddress(node: unknown) {
  if (BillAddress.Check(node)) return { outcome: 'address', url: node.bill_download_url } as const
  return { outcome: 'unknown', reason: 'the address of the bill cannot be read' } as const
}

/** A bill has no signature of its own, so it comes over TLS wherever the gateway does; null for no address. */
function downloadUrl({ gatewayUrl }: AlipayAccount, address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || !/^https?:$/.test(url.protocol)) return null
  if (gatewayUrl.startsWith('https:')) url.protocol = 'https:'
  return url.href
}

function readBill(
  { sellerId }: AlipayAccount,
  businessDate: BusinessDate,
  bytes: Buffer,
): StatementAnswer {
  const unpacked = unpackDetails(bytes)
  if (unpacked.outcome === 'refused') return unpacked
  const content = decode(unpacked.details)
  if (content === null) return refused('encoding', 'the bill is not GBK')
  const bill = readTradeBill(content, { sellerId, businessDate })
  if (bill.outcome === 'refused') return bill
  const sha256 = createHash('sha256').update(content).digest('hex') // of the text that is kept
  return { outcome: 'lines', lines: bill.lines, feeFen: bill.feeFen, content, sha256 }
}

/** The details among the files of the archive; the summary beside them says nothing more. */
function unpackDetails(bytes: Buffer): { outcome: 'unpacked'; details: Buffer } | Refused {
  try {
    const details = readZip(bytes, ZIP_LIMITS).filter(({ name }) => name.endsWith('业务明细.csv'))
    const [file] = details
    if (file === undefined || details.length > 1) {
      return refused('layout', `the archive holds ${details.length} lists of 业务明细`)
    }
    return { outcome: 'unpacked', details: file.read() }
  } catch (error) {
    if (error instanceof ZipRefused) return refused(error.code, error.message)
    throw error
  }
}

/**
 * The text of the file; null when it is not GBK, or has a zero byte. Much UTF-8 passes for GBK, as other words: it is
 * known by its first line, which is the same in every bill.
 */
function decode(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('gb18030', { fatal: true }).decode(bytes)
    const isUtf8 = bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .startsWith(BILL_TITLE)
    return isUtf8 || text.includes('\0') ? null : text
  } catch {
    return null
  }
}

const notReady = (reason: string) => ({ outcome: 'not_ready', reason }) as const

const refused = (code: Refused['code'], reason: string): Refused => ({
  outcome: 'refused',
  code,
  reason,
})
