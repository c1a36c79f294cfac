// Show a password, filter a list while typing.
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
filterLists()
