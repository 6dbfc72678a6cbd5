import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import closeWithGrace from 'close-with-grace'

import { seededRandom } from '../../kernel/random.ts'
import { liveClock, liveRandom } from './kit/live.ts'
import { noFaults } from './kit/simulator.ts'
import { openBills, type RegionPorts, startRegion, urlsOf } from './region.ts'
import type { RegionSecrets } from './secrets.ts'
import { createWorld } from './world/index.ts'

// The process "simulators": the outside world of a sandbox, on real time. Started by `bin/yiqiao up` with one argument,
// a JSON file that says where and with which secrets.

const TICK_MS = 250
const GRACE_MS = 5_000

type SandboxFile = {
  seed: string
  people: number
  folder: string
  hubUrl: string
  ports: RegionPorts
  secrets: RegionSecrets
}

const [file] = process.argv.slice(2)
if (!file) throw new Error('usage: main.ts <sandbox.json>')
const sandbox = JSON.parse(await readFile(file, 'utf8')) as SandboxFile
const world = createWorld(sandbox.seed, { people: sandbox.people })
const isNew = !existsSync(join(sandbox.folder, 'wechat.sqlite'))
const region = await startRegion({
  ...sandbox,
  world,
  clock: liveClock,
  random: liveRandom,
  faults: noFaults,
})
if (isNew) openBills(region, world, seededRandom(`${sandbox.seed}/bills`))

// One at a time: a slow hub makes notices late, and never has two of a kind on their way.
let stopping = false
const ticking = (async () => {
  while (!stopping) {
    await region.runDue()
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
})()
closeWithGrace({ delay: GRACE_MS }, async () => {
  stopping = true
  await ticking
  await region.stop()
})
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.send?.({ ready: true, urls: urlsOf(region) })
