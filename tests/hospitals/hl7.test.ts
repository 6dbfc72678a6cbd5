import { startHl7His } from '../../apps/simulators/his/index.ts'
import { TestClock } from '../../apps/simulators/his/testing.ts'
import { journeyOf } from './journey.ts'
import { describedSystem, MONDAY, operationsOf, simulatorOptions } from './stage.ts'

journeyOf({
  name: '[H1] [H2] hl7-fhir',
  operations: operationsOf('hl7-fhir'),
  reopens: true,
  listsDeposits: false,
  async open() {
    const clock = new TestClock(MONDAY)
    const options = { ...simulatorOptions(clock), mllpPort: 0, hubMllp: null }
    const his = await startHl7His(options)
    const params = {
      host: '127.0.0.1',
      port: String(his.mllpPort),
      fhirUrl: his.url,
      facility: 'H99010000001',
    }
    return {
      system: describedSystem('hl7-fhir', params, clock),
      his,
      clock,
      close: () => his.stop(),
    }
  },
})
