import { createSign, createVerify } from 'node:crypto'

import { request } from 'undici'

import { type Clock, toShanghaiText } from '../../../../kernel/time.ts'
import { APP_ID, type KeyPair } from './bed.ts'

export type Answer = {
  status: number
  text: string
  /** What stands under the method's name, or under error_response. */
  node: Record<string, unknown>
  isSigned: boolean
}

export type TestMerchant = ReturnType<typeof testMerchant>

/** A merchant that speaks the protocol with its own code, and shares none with the simulator. */
export function testMerchant(url: string, clock: Clock, keys: { app: KeyPair; platform: KeyPair }) {
  return { ask, paramsOf }

  /** Signs and sends; `change` may spoil the parameters on the way. */
  async function ask(
    method: string,
    content: object | string,
    { more = {}, change = {} }: { more?: Texts; change?: Record<string, string | undefined> } = {},
  ): Promise<Answer> {
    const params = { ...paramsOf(method, content, more), ...change }
    const pairs = Object.entries(params).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    )
    const response = await request(`${url}/gateway.do`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(pairs).toString(),
    })
    return readAnswer(response.statusCode, await response.body.text())
  }

  function paramsOf(method: string, content: object | string, more: Texts = {}): Texts {
    const params: Texts = {
      app_id: APP_ID,
      method,
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: toShanghaiText(clock.now()),
      version: '1.0',
      biz_content: typeof content === 'string' ? content : JSON.stringify(content),
      ...more,
    }
    const text = Object.keys(params)
      .sort()
      .filter((name) => params[name] !== '')
      .map((name) => `${name}=${params[name]}`)
      .join('&')
    return {
      ...params,
      sign: createSign('RSA-SHA256').update(text).sign(keys.app.privateKeyPem, 'base64'),
    }
  }

  function readAnswer(status: number, text: string): Answer {
    const match = /^\{"(\w+_response)":(\{.*\})(?:,"sign":"([^"]+)")?\}$/s.exec(text)
    const [, , node = '{}', sign = ''] = match ?? []
    const isSigned = createVerify('RSA-SHA256')
      .update(node)
      .verify(keys.platform.publicKeyPem, sign, 'base64')
    return { status, text, node: JSON.parse(node) as Record<string, unknown>, isSigned }
  }
}

type Texts = Record<string, string>
