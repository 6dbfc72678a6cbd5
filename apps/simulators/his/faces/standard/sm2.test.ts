import { createHash } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'
import { expect, it } from 'vitest'

import { startHis } from '../../index.ts'
import { send, TestClock, testOptions } from '../../testing.ts'

const USER = { hash: true, userId: '1234567812345678' }
const hub = sm2.generateKeyPairHex()
const hospital = sm2.generateKeyPairHex()
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function headersOf(clock: TestClock, path: string, body: string, nonce: string) {
  const timestamp = String(Math.floor(clock.now().getTime() / 1_000))
  const text = ['POST', path, timestamp, nonce, sha256(body), ''].join('\n')
  const signature = sm2.doSignature(text, hub.privateKey, USER)
  return {
    'x-yiqiao-key-id': 'hub',
    'x-yiqiao-timestamp': timestamp,
    'x-yiqiao-nonce': nonce,
    'x-yiqiao-signature': Buffer.from(signature, 'hex').toString('base64'),
  }
}

it('signs and believes by SM2 with SM3 where that is agreed, and nothing else then', async () => {
  const clock = new TestClock()
  const keys = {
    hospitalKeyId: 'hospital-1',
    hospitalSm2PrivateKey: hospital.privateKey,
    hubKeyId: 'hub',
    hubSm2PublicKey: hub.publicKey,
  }
  const his = await startHis({ ...testOptions(clock), keys })
  try {
    const path = '/yiqiao/v1/heartbeat'
    const nonce = 'a'.repeat(32)
    const headers = headersOf(clock, path, '{}', nonce)
    const answer = await send(his, path, headers, '{}')
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'OK' })
    const timestamp = String(answer.headers['x-yiqiao-timestamp'])
    const signed = [timestamp, nonce, sha256(answer.text), ''].join('\n')
    const signature = Buffer.from(String(answer.headers['x-yiqiao-signature']), 'base64')
    expect(signature).toHaveLength(64)
    expect(sm2.doVerifySignature(signed, signature.toString('hex'), hospital.publicKey, USER)).toBe(
      true,
    )
    for (const wrong of [
      { ...headersOf(clock, path, '{ }', 'b'.repeat(32)) },
      { ...headersOf(clock, path, '{}', 'c'.repeat(32)), 'x-yiqiao-signature': 'AA==' },
      {
        ...headersOf(clock, path, '{}', 'd'.repeat(32)),
        'x-yiqiao-signature': `${'/'.repeat(85)}w==`,
      },
    ]) {
      const refused = await send(his, path, wrong, '{}')
      expect(JSON.parse(refused.text)).toMatchObject({ code: 'SIGNATURE_INVALID' })
    }
  } finally {
    await his.stop()
  }
})
