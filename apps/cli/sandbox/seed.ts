import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import type { Role } from '../../../platform/principal.ts'
import type { Hub } from '../../hub/create-hub.ts'
import type { RegionUrls } from '../../simulators/region.ts'
import type { RegionSecrets } from '../../simulators/secrets.ts'
import type { World, WorldHospital, WorldPerson } from '../../simulators/world/index.ts'
import { connectChannels, registerChannels } from './seed-channels.ts'

/** Where the outside systems of a region are reached, and where they reach the hub. */
type Urls = RegionUrls & { hub: string }

export const DEMO_PASSWORD = 'Yiqiao-2026-demo'

/** Writes a region's hospitals and people into an empty hub. */
export async function seedRegion(hub: Hub, world: World): Promise<void> {
  for (const { id, insuranceCode, name, shortName, level } of world.hospitals) {
    const known = { id, insuranceCode, name, shortName, level: LEVELS[level] }
    await hub.hospitals.register({ ...known, status: 'active' })
    await registerChannels(hub, id)
  }
  const passwordHash = await hub.identity.hashPassword(DEMO_PASSWORD)
  await hub.identity.registerPeople(world.people.map((person) => newPersonOf(person, passwordHash)))
  for (const role of ROLES) {
    for (const { id } of world.hospitals) {
      const names = STAFF_NAMES[role]
      const name = names[(id - 1) % names.length] ?? role
      const staff = { hospitalId: id, name, roles: [role], login: staffLogin(id, role) }
      await hub.identity.registerStaff({ ...staff, passwordHash })
    }
  }
  for (const { id } of world.hospitals) {
    const staff = { hospitalId: id, name: '顾工', roles: ['it' as const], login: secondItLogin(id) }
    await hub.identity.registerStaff({ ...staff, passwordHash })
  }
}

/** Each hospital has one of each: 'finance1', 'cashier1', 'auditor1', 'it1', 'doctor1'. */
export const staffLogin = (id: HospitalId, role: Role = 'finance') => `${role}${id}`

/** Another of the hospital's IT, as what goes live wants two persons. */
export const secondItLogin = (id: HospitalId): string => `itsecond${id}`

const LEVELS = { 1: '一级', 2: '二级甲等', 3: '三级甲等' } as const
const ROLES: readonly Role[] = ['finance', 'cashier', 'auditor', 'it', 'doctor']
const STAFF_NAMES: Record<Role, readonly string[]> = {
  finance: ['王会计', '李会计', '赵会计'],
  cashier: ['陈小红', '孙丽', '郑敏'],
  auditor: ['周审计', '吴审计', '冯审计'],
  it: ['何工', '许工', '沈工'],
  doctor: ['林医生', '高医生', '梁医生'],
}

/** Says how each hospital's system, channels (all, or `only` those) and insurer are reached. Done at every start: ports may differ. */
export async function connectRegion(
  hub: Hub,
  world: World,
  secrets: RegionSecrets,
  urls: Urls,
  only?: readonly string[],
): Promise<void> {
  for (const hospital of world.hospitals) {
    const { id } = hospital
    await hub.hospitals.saveConnection(id, 'his', 'standard', hisParams(id, secrets, urls))
    await connectChannels(hub, id, secrets, { urls, only })
    const insurance = insuranceParams(hospital, secrets, urls)
    await hub.hospitals.saveConnection(id, 'insurance', 'national', insurance)
  }
}

function hisParams(id: HospitalId, { his }: RegionSecrets, urls: Urls) {
  const hospital = his.hospitals.find((keys) => keys.hospitalId === id)
  const baseUrl = urls.his[id]
  assert(hospital && baseUrl, `hospital ${id} has keys and an address`)
  return {
    baseUrl,
    hubKeyId: his.hub.keyId,
    hubPrivateKeyPem: his.hub.privateKeyPem,
    hospitalKeyId: hospital.keyId,
    hospitalPublicKeyPem: hospital.publicKeyPem,
  }
}

function insuranceParams(hospital: WorldHospital, { insurance }: RegionSecrets, urls: Urls) {
  const gateway = insurance.hospitals.find((g) => g.hospitalId === hospital.id)
  assert(gateway, `hospital ${hospital.id} is designated`)
  return {
    baseUrl: urls.insurance,
    fixmedinsCode: hospital.insuranceCode,
    fixmedinsName: hospital.shortName,
    paasid: gateway.paasid,
    secretKey: gateway.secretKey,
    admdvs: insurance.admdvs,
    opter: 'yiqiao',
    opterName: '医桥平台',
    profile: 'standard',
  }
}

const newPersonOf = (person: WorldPerson, passwordHash: string) => ({
  name: person.name,
  idCardNo: person.idCardNo,
  phone: person.phone,
  gender: person.gender,
  birthDate: person.birthDate,
  passwordHash,
  media: [
    { kind: 'social_card' as const, value: person.media.socialCardNo },
    { kind: 'insurance_voucher' as const, value: person.media.insuranceVoucher },
    { kind: 'health_code' as const, value: person.media.healthCode },
    { kind: 'bank_card' as const, value: person.media.bankCardNo },
    { kind: 'wechat_openid' as const, value: person.openid },
    ...person.media.hospitalCards.map(({ hospitalId, cardNo }) => ({
      kind: 'hospital_card' as const,
      value: cardNo,
      hospitalId,
    })),
  ],
})
