import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { request } from 'undici'
import { expect, it } from 'vitest'

import { seededRandom } from '../../kernel/random.ts'
import { startHospitalFace } from './hospital-faces.ts'
import { noFaults } from './kit/simulator.ts'
import { createWorld } from './world/index.ts'

it('opens a hospital of the world behind another face, with books of its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hospital-faces-'))
  const world = createWorld('hospital faces', { people: 20 })
  const clock = { now: () => new Date('2026-11-23T07:20:00+08:00') }
  const around = { world, clock, random: seededRandom('faces'), faults: noFaults, folder }
  const face = { hospitalId: 2, port: 0, hospitalCode: '440188' }
  const guangzhou = await startHospitalFace(around, { ...face, product: 'guangzhou' })
  const account = { synUserName: 'yiqiao', synKey: 'a-key-of-the-tests' }
  const soap = await startHospitalFace(around, { ...face, product: 'soap', account })
  try {
    const response = await request(`${guangzhou.url}/doReqToHis?service=getDeptInfo`, {
      method: 'POST',
      body: '<req><hospitalId>440188</hospitalId></req>',
    })
    expect(await response.body.text()).toContain(world.hospitals[1]?.departments[0]?.name)
    const wsdl = await request(`${soap.url}/Client/Reg?wsdl`)
    expect(await wsdl.body.text()).toContain('queryToRegDoctorList')
    const panel = await request(`${soap.url}/`)
    expect(await panel.body.text()).toContain(world.hospitals[1]?.name)
    const files = readdirSync(folder).filter((name) => name.endsWith('.sqlite'))
    expect(files.sort()).toEqual(['his-guangzhou-2.sqlite', 'his-soap-2.sqlite'])
  } finally {
    await guangzhou.stop()
    await soap.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
