import { assert } from '../../../kernel/assert.ts'
import type { Hub } from '../../hub/create-hub.ts'
import type { RegionUrls } from '../../simulators/region.ts'
import type { RegionSecrets } from '../../simulators/secrets.ts'
import type { WorldHospital } from '../../simulators/world/index.ts'

/** Says how a hospital reaches the commercial insurers of the region. */
export async function connectInsurers(
  hub: Hub,
  { id, insuranceCode }: WorldHospital,
  { commercial }: RegionSecrets,
  urls: RegionUrls,
): Promise<void> {
  const direct = commercial.direct.find((client) => client.hospitalId === id)
  const fhir = commercial.fhir.find((client) => client.hospitalId === id)
  assert(direct && fhir, `hospital ${id} is known to the insurers`)
  await hub.hospitals.saveConnection(id, 'commercial', 'several', [
    {
      adapter: 'direct',
      params: {
        code: 'huiminbao',
        name: '惠民保',
        baseUrl: urls.commercialDirect,
        hospitalCode: insuranceCode,
        appId: direct.appId,
        secret: direct.secret,
        refundsParts: false,
      },
    },
    {
      adapter: 'fhir',
      params: {
        code: 'anxin',
        name: '安心健康',
        baseUrl: urls.commercialFhir,
        namespace: 'http://fhir.anxin.example',
        providerCode: insuranceCode,
        clientId: fhir.clientId,
        clientSecret: fhir.clientSecret,
        refundsParts: true,
      },
    },
  ])
}
