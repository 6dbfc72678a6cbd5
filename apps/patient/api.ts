import { createClient } from '../../contract/client.ts'
import { actingHeader } from './family/acting.ts'

/** The hub, on the origin that served this page. */
export const { client, query } = createClient({ baseUrl: '', app: 'patient' })

client.use({
  onRequest({ request, schemaPath }) {
    for (const [name, value] of Object.entries(actingHeader(schemaPath))) {
      request.headers.set(name, value)
    }
  },
})
