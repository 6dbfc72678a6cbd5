import { createHash } from 'node:crypto'

import { randomHex } from '../../../kernel/random.ts'
import { SECOND_MS } from '../../../kernel/time.ts'
import type { NationalInsuranceParams } from './params.ts'
import { DEFAULT_USER_ID, isSm4Key, openSm4, sealSm4, signSm2, verifiesSm2 } from './shangmi.ts'
import { createTokens, type GatewayDeps } from './tokens.ts'
import { type Fields, Unreadable } from './wire.ts'

/** A province's way in: who we are to it, and how a message is wrapped. */
export type Gateway = {
  /** Headers of one message. A reason is why there are none: nothing is sent then. */
  authorise(signal: AbortSignal | null): Promise<Headers | { reason: string }>
  /** The gateway did not know us by these headers: whether another attempt, with others, is worth it. */
  isRenewed(used: Headers['headers']): boolean
  /** What goes into the envelope in place of `input`, of which this is the JSON. */
  seal(inputJson: string): Sealed
  /** The answer with its output in plain. Errors: Unreadable for a wrong seal or signature. */
  open(answer: Fields): Fields
}

export type MakeGateway = (params: NationalInsuranceParams, deps: GatewayDeps) => Gateway

/**
 * The "Rio" API gateway of many provincial platforms. The input is signed where the contract has a key.
 *
 * Source: x-tif-signature = sha256hex(timestamp + secretKey + nonce + timestamp), timestamp in seconds.
 */
export const rio: MakeGateway = (params, { clock, random }) => ({
  async authorise() {
    const timestamp = String(Math.floor(clock.now().getTime() / SECOND_MS))
    const nonce = randomHex(random, NONCE_BYTES)
    const signed = timestamp + params.secretKey + nonce + timestamp
    return {
      headers: {
        'x-tif-paasid': params.paasid,
        'x-tif-timestamp': timestamp,
        'x-tif-nonce': nonce,
        'x-tif-signature': createHash('sha256').update(signed).digest('hex'),
      },
    }
  },
  isRenewed: () => false,
  seal: (inputJson) => ({ ...signatureOf(params, inputJson), inputJson }),
  open: (answer) => answer,
})

const NONCE_BYTES = 16
const BEARER = 'Bearer '

/**
 * A bearer token of OAuth 2.0, the input sealed with SM4 and signed in plain with SM2.
 *
 * Source: the edition of Jilin; the token by client credentials of RFC 6749.
 */
export const oauth: MakeGateway = (params, deps) => {
  const tokens = createTokens(params, deps)
  return {
    async authorise(signal) {
      const token = await tokens.current(signal)
      if ('reason' in token) return token
      return { headers: { authorization: BEARER + token.accessToken } }
    },
    isRenewed({ authorization = '' }) {
      tokens.drop(authorization.slice(BEARER.length))
      return true
    },
    seal: (inputJson) => ({
      ...signatureOf(params, inputJson),
      encType: 'SM4',
      inputJson: JSON.stringify(sealSm4(params.paasid, inputJson, 'base64')),
    }),
    open: (answer) => openAnswer(params, answer),
  }
}

export function wantsOfOauth({ paasid, sm2PrivateKey }: NationalInsuranceParams) {
  if (!isSm4Key(paasid)) return { field: 'paasid', rule: '16 characters, the key of SM4' }
  return sm2PrivateKey === undefined ? { field: 'sm2PrivateKey', rule: 'required' } : null
}

function signatureOf(params: NationalInsuranceParams, text: string) {
  if (params.sm2PrivateKey === undefined) return { cainfo: '', signtype: '' }
  const key = { privateKey: params.sm2PrivateKey, userId: params.sm2UserId ?? DEFAULT_USER_ID }
  return { cainfo: signSm2(text, key), signtype: 'SM2' }
}

/** A refusal carries no output and comes in plain; a signature is held against the key where we have it. */
function openAnswer(params: NationalInsuranceParams, answer: Fields): Fields {
  const { encType, output, cainfo } = answer
  if (encType !== 'SM4' || typeof output !== 'string' || output === '') return answer
  const text = openSm4(params.paasid, output, 'base64')
  if (text === null) throw new Unreadable('output is not sealed with our key')
  if (params.centrePublicKey !== undefined) {
    const key = {
      publicKey: params.centrePublicKey,
      userId: params.sm2UserId ?? DEFAULT_USER_ID,
    }
    if (typeof cainfo !== 'string' || !verifiesSm2(text, cainfo, key)) {
      throw new Unreadable('output is not signed by the centre')
    }
  }
  try {
    return { ...answer, output: JSON.parse(text) as unknown }
  } catch {
    throw new Unreadable('output is not JSON')
  }
}

type Headers = { headers: Record<string, string> }
export type Sealed = {
  inputJson: string
  cainfo: string
  signtype: string
  encType?: string
}
