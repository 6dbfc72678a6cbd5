import closeWithGrace from 'close-with-grace'

import { announceReady } from '../../platform/process.ts'
import { type BareOptions, startBareRoute } from './notices/bare.ts'

// A process of its own, as the api is one.

const [, , options = '{}'] = process.argv
const bare = await startBareRoute(JSON.parse(options) as BareOptions)
closeWithGrace({ delay: 5_000 }, () => bare.stop())
announceReady({ url: bare.url })
