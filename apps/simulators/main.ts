import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import closeWithGrace from 'close-with-grace'

import { assert } from '../../kernel/assert.ts'
import { seededRandom } from '../../kernel/random.ts'
import type { HisSimulator } from './his/index.ts'
import { type HospitalFace, startHospitalFace } from './hospital-faces.ts'
import { liveClock, liveRandom } from './kit/live.ts'
import { bySandboxValue } from './kit/sandbox-values.ts'
import { openBills, type RegionPorts, startRegion, urlsOf } from './region.ts'
import { startScanPage } from './scan-page.ts'
import { payerOf, scanWalletsOf } from './scan-wallets.ts'
import type { RegionSecrets } from './secrets.ts'
import { createWorld } from './world/index.ts'

// The process "simulators": the outside world of a sandbox, with a phone to scan codes, on real time. Started by `bin/yiqiao up` with one argument,
// a JSON file that says where and with which secrets.

const TICK_MS = 250
const GRACE_MS = 5_000

type SandboxFile = {
  seed: string
  people: number
  folder: string
  hubUrl: string
  ports: RegionPorts & { scan: number }
  secrets: RegionSecrets
  /** Hospitals behind other products' faces; none unless they are asked for. */
  hospitalFaces?: HospitalFace[]
}

const [file] = process.argv.slice(2)
if (!file) throw new Error('usage: main.ts <sandbox.json>')
const sandbox = JSON.parse(await readFile(file, 'utf8')) as SandboxFile
const world = createWorld(sandbox.seed, { people: sandbox.people })
// Not the books themselves: a start that another program's port broke off leaves some, and no bills.
const opened = join(sandbox.folder, 'bills-opened')
const region = await startRegion({
  ...sandbox,
  tellsNotices: true,
  world,
  clock: liveClock,
  random: liveRandom,
  faults: bySandboxValue,
})
if (!existsSync(opened)) {
  openBills(region, world, seededRandom(`${sandbox.seed}/bills`))
  await writeFile(opened, '')
}
const faceOptions = {
  ...sandbox,
  world,
  clock: liveClock,
  random: liveRandom,
  faults: bySandboxValue,
}
const faces: HisSimulator[] = []
for (const face of sandbox.hospitalFaces ?? []) {
  faces.push(await startHospitalFace(faceOptions, face))
}
const [payer] = world.people
assert(payer, 'somebody holds the phone')
const scanPage = await startScanPage({
  wallets: scanWalletsOf(region, payerOf(payer)),
  hubUrl: sandbox.hubUrl,
  port: sandbox.ports.scan,
})

// One at a time: a slow hub makes notices late, and never has two of a kind on their way.
let stopping = false
const ticking = (async () => {
  while (!stopping) {
    await region.runDue()
    for (const face of faces) await face.runDue()
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
})()
closeWithGrace({ delay: GRACE_MS }, async ({ err }) => {
  if (err) process.stderr.write(`${err.stack ?? err.message}\n`)
  stopping = true
  await scanPage.stop()
  await ticking
  for (const face of faces) await face.stop()
  await region.stop()
})
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.send?.({
  ready: true,
  urls: urlsOf(region),
  scanUrl: scanPage.url,
  hospitalFaceUrls: faces.map(({ url }) => url),
})
