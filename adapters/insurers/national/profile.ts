import { createHash } from 'node:crypto'

import { type Random, randomHex } from '../../../kernel/random.ts'
import { SECOND_MS } from '../../../kernel/time.ts'

/**
 * What provinces do differently. A new province is a new profile here, and its name in the schema of the
 * params; no other file knows one from another.
 */
export type Profile = {
  /** The headers by which the gateway knows us. */
  authHeaders(
    secrets: { paasid: string; secretKey: string },
    at: AuthMoment,
  ): Record<string, string>
  /** fund_pay_sumamt: Hunan and Hainan leave the personal account out of it, Guangdong counts it in. */
  fundIncludesAccount: boolean
  /** Decimals as JSON numbers (638.00) or as texts ("638.00"). */
  amountsAs: 'number' | 'text'
  /** How the bytes of a file stand in fsUploadIn.in. */
  fileBytesAs: 'base64' | 'numbers'
  /** recer_sys_code, at most 10 characters. */
  receiverSystem: string
  /** caty of a visit: the hospital's own departments carry no national code, so "other". */
  departmentCategory: string
  /** The centre says by these words that a settlement or message it was asked for is not there. */
  saysNotThere: RegExp
  /** And by these that the session of 9001 is over. */
  saysNotSignedIn: RegExp
  /** With this begins the message of a centre that failed itself: it has decided nothing. */
  brokenPrefix: string
}

type AuthMoment = { now: Date; random: Random }

const standard: Profile = {
  authHeaders: rioHeaders,
  fundIncludesAccount: false,
  amountsAs: 'number',
  fileBytesAs: 'base64',
  receiverSystem: 'YIQIAO',
  departmentCategory: 'A69',
  saysNotThere:
    /不存在|未(能)?[查找]|未结算|[查找]不到|查无|没有|无(此|该|可|对应|相应|匹配)|未(收到|发生)|已(被)?(冲正|撤销)|not.?found|no such|does not exist/i,
  saysNotSignedIn: /签到/,
  brokenPrefix: 'SYS:',
}

export const PROFILES = { standard } satisfies Record<string, Profile>

/**
 * The "Rio" API gateway of many provincial platforms.
 * Source: x-tif-signature = sha256hex(timestamp + secretKey + nonce + timestamp), timestamp in seconds.
 */
function rioHeaders(
  { paasid, secretKey }: { paasid: string; secretKey: string },
  { now, random }: AuthMoment,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / SECOND_MS))
  const nonce = randomHex(random, NONCE_BYTES)
  const signed = timestamp + secretKey + nonce + timestamp
  return {
    'x-tif-paasid': paasid,
    'x-tif-timestamp': timestamp,
    'x-tif-nonce': nonce,
    'x-tif-signature': createHash('sha256').update(signed).digest('hex'),
  }
}

const NONCE_BYTES = 16
