import { createCipheriv, createDecipheriv } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'
import { afterEach, describe, expect, it } from 'vitest'

import { HOUR_MS } from '../../../../kernel/time.ts'
import {
  createClient,
  HOSPITAL,
  nodeOf,
  OP1_LINES,
  openBill,
  startTestCentre,
  stopSound,
  type TestCentre,
} from '../testing.ts'

const KEYS = sm2.generateKeyPairHex()
const JILIN = {
  ...HOSPITAL,
  paasid: 'client-of-sixteen'.slice(0, 16),
  profile: 'jilin' as const,
  smPublicKey: KEYS.publicKey,
}

let centre: TestCentre
afterEach(() => stopSound(centre))

describe('guangdong', () => {
  const start = async () => {
    centre = await startTestCentre({ profile: 'guangdong' })
    await centre.client.signIn()
  }

  it('counts the account in, and names it in a row', async () => {
    await start()
    const { data } = await openBill(centre.client, { visitNo: 'V1', lines: OP1_LINES })
    const answer = await centre.client.call('2207', { data })
    const settled = nodeOf(answer, 'setlinfo')
    expect(settled.acct_pay).toBe(200)
    expect(settled.fund_pay_sumamt).toBe(Number(settled.hifp_pay) + 200)
    expect(answer.output).toMatchObject({
      setldetail: [{ fund_pay_type: '310100' }, { fund_pay_type: '310200', fund_payamt: 200 }],
    })
  })

  it('takes its own code for chronic disease, and not the national one', async () => {
    await start()
    const { visit } = await openBill(centre.client, { visitNo: 'V1', lines: OP1_LINES })
    const described = (medType: string) =>
      centre.client.call('2203', {
        mdtrtinfo: { ...visit, med_type: medType, begntime: '2026-11-21 08:40:00' },
        diseinfo: [
          {
            diag_type: '1',
            diag_srt_no: 1,
            diag_code: 'I10.x00',
            diag_name: '高血压',
            diag_dept: '内科',
            dise_dor_no: 'D1',
            dise_dor_name: '张医生',
            diag_time: '2026-11-21 08:45:00',
            vali_flag: '1',
          },
        ],
      })
    expect((await described('14')).err_msg).toMatch(/^mdtrtinfo\.med_type：取值应为/)
    expect((await described('9901')).infcode).toBe(0)
  })

  it('takes the bytes of a file as a list of integers', async () => {
    await start()
    const upload = (bytes: unknown) => ({
      fsUploadIn: { in: bytes, filename: 'a.zip', fixmedins_code: HOSPITAL.insuranceCode },
    })
    expect((await centre.client.call('9101', upload([80, 75, 3, 4]))).infcode).toBe(0)
    expect((await centre.client.call('9101', upload('UEsDBA=='))).err_msg).toBe(
      'fsUploadIn.in：应为0至255的整数数组',
    )
  })
})

describe('jilin', () => {
  it('wants a token, and gives one to the hospital alone', async () => {
    centre = await startTestCentre({ hospitals: [JILIN] })
    const wrong = await token('wrong')
    expect([wrong.status, wrong.text]).toEqual([401, '{"error":"invalid_client"}'])
    const plain = await centre.client.post('1101', '{}')
    expect(plain.status).toBe(401)
    const granted = JSON.parse((await token()).text) as { access_token: string }
    const reply = await send(granted.access_token, '9001', SIGN_IN)
    expect(JSON.parse(reply.text)).toMatchObject({ infcode: 0, encType: 'SM4' })
    centre.clock.at = new Date(centre.clock.at.getTime() + 2 * HOUR_MS)
    expect((await send(granted.access_token, '9001', SIGN_IN)).text).toContain(
      'OAUTH_TOKEN_INVALID',
    )
  })

  it('reads what is sealed and signed, answers sealed and signed, and decimals as texts', async () => {
    centre = await startTestCentre({ hospitals: [JILIN], signInRequired: false })
    const { access_token: bearer } = JSON.parse((await token()).text) as { access_token: string }
    const who = { data: { mdtrt_cert_type: '02', mdtrt_cert_no: '999900198001010001' } }
    const message = seal(client().envelope('1101', who))
    const reply = await post(bearer, '1101', message)
    const answer = JSON.parse(reply.text) as { output: string; cainfo: string }
    const plaintext = unseal(answer.output)
    expect(JSON.parse(plaintext)).toMatchObject({ insuinfo: [{ balc: '200.00' }] })
    const signature = Buffer.from(answer.cainfo, 'base64').toString('hex')
    const isSigned = sm2.doVerifySignature(plaintext, signature, centre.simulator.smPublicKey, {
      hash: true,
    })
    expect(isSigned).toBe(true)
  })

  it('answers the same message the first answer again, signed anew', async () => {
    centre = await startTestCentre({ hospitals: [JILIN], signInRequired: false })
    const { access_token: bearer } = JSON.parse((await token()).text) as { access_token: string }
    const message = client().envelope('9001', SIGN_IN)
    const first = JSON.parse((await post(bearer, '9001', seal(message))).text) as { output: string }
    const again = JSON.parse((await post(bearer, '9001', seal(message))).text) as { output: string }
    expect(unseal(again.output)).toBe(unseal(first.output))
  })

  it('refuses another signature, and what does not open', async () => {
    centre = await startTestCentre({ hospitals: [JILIN], signInRequired: false })
    const { access_token: bearer } = JSON.parse((await token()).text) as { access_token: string }
    const message = seal(client().envelope('9001', SIGN_IN))
    const forged = { ...message, cainfo: Buffer.alloc(64, 7).toString('base64') }
    expect((await post(bearer, '9001', forged)).text).toContain('cainfo：SM2签名校验失败')
    const torn = { ...message, input: 'AAAA' }
    expect((await post(bearer, '9001', torn)).text).toContain('input：SM4解密失败')
    const plain = client().envelope('9001', SIGN_IN)
    expect((await post(bearer, '9001', plain)).text).toContain('encType：应为SM4')
  })
})

const SIGN_IN = { signIn: { opter_no: 'op1', mac: '00:00', ip: '127.0.0.1' } }
const client = () => createClient(centre.simulator.url, centre.clock, JILIN)

const token = (secret = HOSPITAL.secretKey) =>
  centre.client.post(
    'oauth/token',
    `grant_type=client_credentials&client_id=${JILIN.paasid}&client_secret=${secret}`,
    { 'content-type': 'application/x-www-form-urlencoded' },
  )

const send = (bearer: string, infno: string, input: object) =>
  post(bearer, infno, seal(client().envelope(infno, input)))

const post = (bearer: string, infno: string, message: object) =>
  centre.client.post(infno, JSON.stringify(message), { authorization: `Bearer ${bearer}` })

function seal<T extends { input: object }>(message: T) {
  const plaintext = JSON.stringify(message.input)
  const cipher = createCipheriv('sm4-ecb', JILIN.paasid, null)
  const input = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
  const signature = sm2.doSignature(plaintext, KEYS.privateKey, { hash: true })
  const cainfo = Buffer.from(signature, 'hex').toString('base64')
  return { ...message, encType: 'SM4', signtype: 'SM2', cainfo, input: input.toString('base64') }
}

function unseal(ciphertext: string): string {
  const decipher = createDecipheriv('sm4-ecb', JILIN.paasid, null)
  return decipher.update(ciphertext, 'base64', 'utf8') + decipher.final('utf8')
}
