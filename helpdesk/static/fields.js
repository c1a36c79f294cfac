// Show a password, count its length, filter a list while typing.
const make = (tag, set) => Object.assign(document.createElement(tag), set)

function reveal () {
  document.querySelectorAll('[data-reveal] input').forEach((input) => {
    const button = make('button', { type: 'button', className: 'btn btn-plain', textContent: 'Show' })
    button.setAttribute('aria-label', 'Show password')
    button.addEventListener('click', () => {
      const shown = input.type === 'password'
      input.type = shown ? 'text' : 'password'
      button.textContent = shown ? 'Hide' : 'Show'
      button.setAttribute('aria-label', shown ? 'Hide password' : 'Show password')
    })
    input.form.addEventListener('submit', () => { input.type = 'password' })
    input.after(button)
  })
}

function countLength () {
  const form = document.querySelector('form[data-shortest]')
  const input = form?.querySelector('input[type=password]')
  if (!input) return
  const least = Number(form.dataset.shortest)
  const words = make('p', { className: 'hint', id: 'so-long' })
  words.setAttribute('role', 'status')
  const say = () => {
    const long = [...input.value].length
    words.textContent = long === 0 ? '' : long < least ? `${long} of ${least} characters` : 'Long enough'
  }
  input.closest('.field').append(words)
  input.addEventListener('input', say)
}

function filterLists () {
  document.querySelectorAll('input[data-filter]').forEach((input) => {
    const list = document.getElementById(input.dataset.filter)
    const none = document.querySelector(`[data-none="${input.dataset.filter}"]`)
    const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
    input.addEventListener('input', () => {
      const words = plain(input.value).split(/\s+/)
      let left = 0
      for (const row of list.children) {
        const text = plain(row.textContent)
        row.hidden = !words.every((word) => text.includes(word))
        left += !row.hidden
      }
      none.hidden = left > 0
    })
  })
}

reveal()
countLength()
filterLists()
