import { createHash, randomBytes } from 'node:crypto'

import iconv from 'iconv-lite'
import { request } from 'undici'
import { Formatter, Rsa } from 'wechatpay-axios-plugin'

import { assert } from '../../../kernel/assert.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import { type Bed, OURS } from './bed.ts'
import type { Answered, Between } from './go-between.ts'
import { merchantOf, signedByWallet } from './signing.ts'

/** The file the hub is to be given in place of the real one, and the bytes whose hash the wallet announces. */
export type Spoilt = { file: Buffer; announced: Buffer; breaksAfterBytes?: number }

/** A file that is wrong, and whose hash says that it is just so. */
export const asMade = (file: Buffer | string): Spoilt => {
  const bytes = Buffer.from(file as string)
  return { file: bytes, announced: bytes }
}

const BILL = '/v3/bill/tradebill'
const DOWNLOAD = '/v3/billdownload/file'

/** A wallet whose trade bill is what `spoil` makes of it; all else is as it is. */
export function spoiltBills(bed: Bed, spoil: (real: Buffer) => Spoilt): Between {
  let served: Spoilt | null = null
  return async ({ path }, passOn) => {
    if (path.startsWith(DOWNLOAD) && served) return fileAnswer(served)
    const answer = await passOn()
    if (!path.startsWith(BILL) || answer.status !== 200) return answer
    const { download_url: address } = JSON.parse(answer.body.toString('utf8')) as Announcement
    const { pathname, search, origin } = new URL(address)
    served = spoil(await fetchFile(bed, origin, pathname + search))
    const announcement: Announcement = {
      hash_type: 'SHA1',
      hash_value: createHash('sha1').update(served.announced).digest('hex'),
      download_url: bed.toWallet.url + pathname + search,
    }
    const body = JSON.stringify(announcement)
    return { ...signed(bed, body), body: Buffer.from(body) }
  }
}

/** The wallet as it is. Its addresses name itself, though, and must lead over our line. */
export const honestBills = (bed: Bed): Between => spoiltBills(bed, asMade)

type Announcement = { hash_type: 'SHA1'; hash_value: string; download_url: string }

const signed = (bed: Bed, body: string) => ({
  status: 200,
  headers: signedByWallet(bed, body, bed.clock.now()),
})

const fileAnswer = ({ file, breaksAfterBytes }: Spoilt): Answered => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: file,
  ...(breaksAfterBytes === undefined ? {} : { breaksAfterBytes }),
})

/** Downloads the real file as the merchant does. */
async function fetchFile(bed: Bed, origin: string, path: string): Promise<Buffer> {
  const { mchid, serial, privateKeyPem } = merchantOf(bed, OURS)
  const timestamp = String(Math.floor(bed.clock.now().getTime() / SECOND_MS))
  const nonce = randomBytes(16).toString('hex')
  const signature = Rsa.sign(Formatter.request('GET', path, timestamp, nonce), privateKeyPem)
  const { statusCode, body } = await request(origin + path, {
    headers: {
      accept: '*/*',
      'user-agent': 'merchant',
      authorization: Formatter.authorization(mchid, nonce, signature, timestamp, serial),
    },
  })
  assert(statusCode === 200, `the wallet gives out its bill: ${statusCode}`)
  return Buffer.from(await body.arrayBuffer())
}

/** A text in GB 18030, as many a system in a hospital still writes. */
export const inGb18030 = (text: string): Buffer => iconv.encode(text, 'gb18030')
