// Small helps. Every page works without them.

document.querySelectorAll('[autofocus]').forEach((el) => el.focus())

// A form is sent once; after ten seconds it may be sent again (the server shows the first ticket in any case).
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.method !== 'post') return
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  form.dataset.sent = '1'
  form.setAttribute('aria-busy', 'true')
  setTimeout(() => settle(form), 10000)
})
addEventListener('pageshow', () => document.querySelectorAll('form').forEach(settle))
function settle (form) {
  delete form.dataset.sent
  form.removeAttribute('aria-busy')
}

// Menus close on Escape and on a click elsewhere.
addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  const open = document.querySelector('details.menu[open]')
  if (!open) return
  open.open = false
  open.querySelector('summary').focus()
})
addEventListener('click', (event) => {
  document.querySelectorAll('details.menu[open]').forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false
  })
})

// Asks now and then whether a colleague changed the ticket, and says so; the page itself stays as it is.
const watched = document.querySelector('[data-watch]')
if (watched) {
  const ask = async () => {
    if (document.hidden) return
    try {
      const answer = await fetch(watched.dataset.watch, { headers: { Accept: 'application/json' } })
      if (!answer.ok) return
      const now = await answer.json()
      if (String(now.version) === watched.dataset.version) return
      clearInterval(timer)
      tell(now.words)
    } catch { /* offline: ask again next time */ }
  }
  const timer = setInterval(ask, 15000)
  document.addEventListener('visibilitychange', ask)
}
function tell (words) {
  const note = document.createElement('p')
  note.className = 'note note-warning changed'
  note.setAttribute('role', 'status')
  const link = document.createElement('a')
  link.href = location.pathname
  link.textContent = 'Show it'
  note.append(document.createElement('span'))
  watched.after(note)
  note.firstChild.append((words || 'This request was changed just now.') + ' ', link)
}
