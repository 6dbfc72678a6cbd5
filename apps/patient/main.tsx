import '../web/look.css'
import './patient.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { assert } from '../../kernel/assert.ts'
import { startI18n } from '../web/i18n.ts'
import { restoreElder } from './elder.ts'
import zh from './locales/zh-CN/patient.json'
import { places } from './navigation.tsx'
import { createQueryClient } from './query-client.ts'
import { createPatientRouter } from './router.tsx'
import { forgetSession } from './session.ts'

restoreElder()
await startI18n({
  namespace: 'patient',
  zh,
  load: { en: async () => (await import('./locales/en/patient.json')).default },
})

const router = createPatientRouter()
const queryClient = createQueryClient(() => {
  if (router.state.location.pathname === '/sign-in') return
  forgetSession()
  queryClient.clear()
  void router.navigate({ ...places.signIn(router.state.location.href), replace: true } as never)
})

const root = document.getElementById('app')
assert(root, 'index.html has the element')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
