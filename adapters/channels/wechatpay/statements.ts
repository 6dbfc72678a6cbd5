import { createHash } from 'node:crypto'

import { type Fen, ZERO } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import type {
  ProviderCall,
  StatementAnswer,
  StatementRequest,
} from '../../../modules/payments/index.ts'
import { BillAddress } from './answers.ts'
import { type FundFlowLine, readFundFlow, readTradeBill, type Refused } from './bill.ts'
import { type ApiRequest, type Client, MAX_BILL_BYTES } from './client.ts'
import type { ClientDeps } from './exchange.ts'
import type { WechatPayAccount } from './params.ts'
import { BILL_REFUSALS, refusalOf } from './translation.ts'

/** All that moved on the merchant's account at WeChat in a day: payments, refunds, fees, withdrawals. */
export type FundFlowAnswer =
  | {
      outcome: 'lines'
      lines: FundFlowLine[]
      incomeFen: Fen
      expenseFen: Fen
      content: string
      sha256: string
    }
  | Exclude<StatementAnswer, { outcome: 'lines' | 'compared' }>

/** WeChat makes the bills of a day from nine o'clock of the next. */
const READY_FROM = '09:00:00'
/** From ten o'clock the bills of the day before are all there. */
const SETTLED_FROM = '10:00:00'

/** A merchant who traded nothing on a day has no bill of it. Only believed when our books have nothing, either. */
const NO_TRADE: StatementAnswer = {
  outcome: 'lines',
  lines: [],
  feeFen: ZERO,
  content: '',
  sha256: createHash('sha256').update('').digest('hex'),
}

const notReady = (reason: string) => ({ outcome: 'not_ready', reason }) as const

/** The bills of a closed day, asked for as plain files: WeChat's hash is of the file without its packing. */
export function createStatements(account: WechatPayAccount, client: Client, deps: ClientDeps) {
  return { statement, fundFlow }

  async function statement(
    call: ProviderCall,
    { businessDate, ownMoves }: StatementRequest,
  ): Promise<StatementAnswer> {
    const file = await fetchBill(call, 'tradebill', 'bill_type=ALL', businessDate)
    if (file.outcome === 'none' && ownMoves.length === 0 && isSettled(businessDate)) return NO_TRADE
    if (file.outcome === 'none') return notReady(file.reason)
    if (file.outcome !== 'fetched') return file
    const { content, sha256 } = file
    const bill = readTradeBill(content, account.mchid)
    if (bill.outcome === 'refused') return bill
    return { outcome: 'lines', lines: bill.lines, feeFen: bill.feeFen, content, sha256 }
  }

  async function fundFlow(call: ProviderCall, businessDate: BusinessDate): Promise<FundFlowAnswer> {
    const file = await fetchBill(call, 'fundflowbill', 'account_type=BASIC', businessDate)
    if (file.outcome === 'none') return notReady(file.reason)
    if (file.outcome !== 'fetched') return file
    const { content, sha256 } = file
    const bill = readFundFlow(content)
    if (bill.outcome === 'refused') return bill
    const { lines, incomeFen, expenseFen } = bill
    return { outcome: 'lines', lines, incomeFen, expenseFen, content, sha256 }
  }

  /** From then on "there is none" is WeChat's last word, and no longer "not yet". */
  function isSettled(businessDate: BusinessDate): boolean {
    return deps.clock.now() >= instantAt(addDays(businessDate, 1), SETTLED_FROM)
  }

  async function fetchBill(
    call: ProviderCall,
    kind: 'tradebill' | 'fundflowbill',
    choice: string,
    businessDate: BusinessDate,
  ): Promise<Fetched | NotFetched> {
    if (deps.clock.now() < instantAt(addDays(businessDate, 1), READY_FROM)) {
      return { outcome: 'not_ready', reason: 'bills are made from 09:00 of the next day' }
    }
    const path = `/v3/bill/${kind}`
    const address = await client.ask(
      call,
      {
        method: 'GET',
        path: `${path}?bill_date=${businessDate}&${choice}`,
        operation: `GET ${path}`,
      },
      (reply) => (reply.status === 200 ? readAddress(reply.json) : refusalOf(BILL_REFUSALS, reply)),
    )
    if (address.outcome === 'not_ready') {
      const { code, reason } = address
      return code === 'no_statement_exist' ? { outcome: 'none', reason } : notReady(reason)
    }
    if (address.outcome === 'unknown') return address
    const request = downloadRequest(account, address.url)
    if (request === null) {
      return refused('layout', 'the bill lies at a host that is not the one of this merchant')
    }
    const file = await client.download(call, request)
    if (file.outcome === 'unknown') return file
    if (file.outcome === 'too_large') {
      return refused('layout', `the bill is larger than ${MAX_BILL_BYTES} bytes`)
    }
    return proveBill(file.bytes, address.sha1)
  }
}

function readAddress(json: unknown) {
  if (!BillAddress.Check(json)) {
    return { outcome: 'unknown', reason: 'the address of the bill cannot be read' } as const
  }
  return {
    outcome: 'address',
    url: json.download_url,
    sha1: json.hash_value.toLowerCase(),
  } as const
}

/** Our signature goes to our own hosts only, whatever an address says; null for any other host. */
function downloadRequest(account: WechatPayAccount, address: string): ApiRequest | null {
  if (!URL.canParse(address)) return null
  const { host, pathname, search } = new URL(address)
  const hosts = [account.baseUrl, account.backupUrl ?? account.baseUrl].map(
    (url) => new URL(url).host,
  )
  if (!hosts.includes(host)) return null
  return { method: 'GET', path: `${pathname}${search}`, operation: `GET ${pathname}` }
}

function proveBill(bytes: Buffer, sha1: string): Fetched | Refused {
  const hash = createHash('sha1').update(bytes).digest('hex')
  if (hash !== sha1) return refused('hash', `SHA-1 is ${hash}, announced was ${sha1}`)
  const content = decode(bytes)
  if (content === null) return refused('encoding', 'the bill is not UTF-8')
  return {
    outcome: 'fetched',
    content,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}

/** The text byte for byte, a mark at its beginning included; null when it is not UTF-8, or has a zero byte. */
function decode(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

const refused = (code: Refused['code'], reason: string): Refused => ({
  outcome: 'refused',
  code,
  reason,
})

type Fetched = { outcome: 'fetched'; content: string; sha256: string }
type NotFetched =
  | Exclude<StatementAnswer, { outcome: 'lines' | 'compared' }>
  | { outcome: 'none'; reason: string }
