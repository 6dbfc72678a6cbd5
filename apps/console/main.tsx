import '../web/look.css'
import './console.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { assert } from '../../kernel/assert.ts'
import { startI18n } from '../web/i18n.ts'
import zh from '../web/locales/zh-CN/console.json'
import { createQueryClient } from './api.ts'
import { createConsoleRouter } from './router.tsx'
import { forgetSession } from './shell/session.ts'
import { antdTheme } from './theme.ts'

await startI18n({
  namespace: 'console',
  zh,
  load: { en: async () => (await import('../web/locales/en/console.json')).default },
})

const queryClient = createQueryClient(() => {
  forgetSession()
  const { pathname, href } = router.state.location
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { to: href } })
})
const router = createConsoleRouter(queryClient)

const root = document.getElementById('root')
assert(root, 'index.html has the root')
createRoot(root).render(
  <StrictMode>
    <ConfigProvider theme={antdTheme()} button={{ autoInsertSpace: false }}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ConfigProvider>
  </StrictMode>,
)
