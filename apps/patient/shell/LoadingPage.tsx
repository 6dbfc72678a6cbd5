import { Waiting } from '../parts/Waiting.tsx'

/** What stands there while the code of a page is on its way. */
export function LoadingPage() {
  return (
    <main className="page page-main">
      <Waiting rows={4} />
    </main>
  )
}
