import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createFhirInsurer, readFhirParams } from '../../adapters/insurers/fhir/index.ts'
import { startFhirInsurer } from '../../apps/simulators/commercial/index.ts'
import { seededRandom } from '../../kernel/random.ts'
import { HOUR_MS } from '../../kernel/time.ts'
import { describeInsurer } from './describe-insurer.ts'
import { HOLDERS, type InsurerBench, openInsurerBench } from './insurer-bench.ts'

const CLIENT = {
  clientId: 'yiqiao-1',
  clientSecret: 'e3b0c44298fc1c149afb',
  providerCode: 'H0001',
}

const open = (refundsParts: boolean) => () =>
  openInsurerBench(`fhir ${refundsParts}`, async ({ options, clock }) => {
    const simulator = await startFhirInsurer({
      ...options,
      random: seededRandom('fhir tokens'),
      clients: [CLIENT],
      partialRefunds: refundsParts,
    })
    return {
      simulator,
      hospitalCode: CLIENT.providerCode,
      secrets: [CLIENT.clientSecret, Buffer.from(CLIENT.clientSecret).toString('base64')],
      insurerAt: (url, { timeoutMs, wrongSecret }) =>
        createFhirInsurer(
          readFhirParams({
            code: 'anxin',
            name: '安心健康',
            baseUrl: url,
            namespace: 'http://fhir.anxin.example',
            ...CLIENT,
            ...(wrongSecret ? { clientSecret: 'another-secret-0001' } : {}),
            refundsParts,
          }),
          { clock, timeoutMs },
        ),
    }
  })

describeInsurer('FHIR', open(true))
describeInsurer('FHIR, whole returns', open(false))

describe('the access to FHIR', () => {
  let bench: InsurerBench
  beforeEach(async () => void (bench = await open(true)()))
  afterEach(() => bench.close())

  it('fetches a token anew when it has ended', async () => {
    const { insurer, call, pass, exchanges } = bench
    const ask = () => insurer.policiesOf(call, HOLDERS.none)
    expect((await ask()).outcome).toBe('ok')
    expect((await ask()).outcome).toBe('ok')
    pass(HOUR_MS)
    expect((await ask()).outcome).toBe('ok')
    expect(exchanges.filter(({ operation }) => operation.endsWith('/oauth/token'))).toHaveLength(2)
  })

  it('answers nobody without a token, and says so as an OperationOutcome', async () => {
    const response = await request(`${bench.simulator.url}/fhir/Claim/$submit`, {
      method: 'POST',
      headers: {
        'content-type': 'application/fhir+json',
        authorization: `Bearer ${'0'.repeat(48)}`,
      },
      body: '{"resourceType":"Claim"}',
    })
    expect(response.statusCode).toBe(401)
    expect(await response.body.json()).toMatchObject({ resourceType: 'OperationOutcome' })
  })
})
