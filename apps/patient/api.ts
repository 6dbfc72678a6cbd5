import { createClient } from '../../contract/client.ts'

/** The hub, on the origin that served this page. */
export const { client, query } = createClient({ baseUrl: '', app: 'patient' })
